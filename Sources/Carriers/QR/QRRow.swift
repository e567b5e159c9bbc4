/// A payload as a row of codes, made as they are asked for.
///
/// What an app drives frame by frame: it asks for code 0, 1, 2 … and shows them, for as long as
/// somebody is scanning.
package struct QRRow: Sendable {
    package let plan: QRPlan
    private let transfer: QRTransfer

    /// - Throws: `QRFrameError` for an empty payload, and for more than codes can carry.
    package init(_ payload: [UInt8], plan: QRPlan) throws(QRFrameError) {
        self.plan = plan
        transfer = try QRTransfer(payload: payload, bodyCapacity: plan.bodyCapacity)
    }

    /// The transfer's id, the same for all its codes.
    package var id: QRTransferHeader { transfer.header }

    /// The text of the code at `index`: data parts first, then spare ones.
    ///
    /// Indices go up to 65,535, so that a moving picture never has to repeat itself.
    package func text(at index: Int) throws(QRFrameError) -> String {
        try transfer.frame(at: index).text
    }

    /// The code at `index`.
    package func symbol(at index: Int) throws(QRError) -> QRSymbol {
        let text: String
        do throws(QRFrameError) {
            text = try self.text(at: index)
        } catch {
            throw .library("\(error)")
        }
        return try QRSymbol(text, version: plan.version, correction: plan.correction)
    }
}
