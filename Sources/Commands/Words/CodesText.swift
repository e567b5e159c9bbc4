import Heirloom

/// Codes in words.
enum CodesText {
    /// Before any code is made: how many there will be, and whether a file would be better.
    static func tell(_ plan: CodeRow.Plan) {
        var line = "\("code".counted(plan.parts)) for \(plan.byteCount) bytes"
        if plan.spares > 0 { line += ", and \(plan.spares) spare" }
        Output.talk(line)
        if plan.isBetterAFile {
            Output.talk("hint: so many codes take minutes to scan; a file is better: ‘-o FILE’")
        }
    }

    static func tell(_ codes: WrittenCodes) {
        Output.talk(
            "Wrote \("file".counted(codes.files.count)) to \(codes.path.shown); each code was read "
                + "back and all of them give what was sealed.")
        if let paper = codes.paper, codes.pages > 0 {
            Output.talk(
                "  \("page".counted(codes.pages)) to print: any \(paper.parts) of "
                    + "\(paper.parts + paper.spares) codes are enough")
        }
    }

    static func tell(_ reading: CodeScan.Reading) {
        var facts = ["\(reading.new) new"]
        if reading.repeated > 0 { facts.append("\(reading.repeated) seen before") }
        if reading.foreign > 0 { facts.append("\(reading.foreign) of other makers") }
        let place = reading.path?.shown ?? "text"
        Output.talk("\(place): \(facts.joined(separator: ", "))")
        for fault in reading.damaged { Output.talk("  damaged: \(fault)") }
    }

    static func tell(_ transfers: [CodeScan.Transfer]) {
        for transfer in transfers {
            Output.talk("Hand-over \(transfer.name): \(transfer.have) of \(transfer.need) codes")
        }
    }
}
