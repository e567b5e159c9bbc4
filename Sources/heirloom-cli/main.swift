import Commands

await HeirloomCommand.start()
