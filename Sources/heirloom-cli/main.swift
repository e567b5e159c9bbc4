import Commands

HeirloomCommand.start()
