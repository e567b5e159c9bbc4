import Bytes

/// The bytes that hexadecimal text in a test or a vector spells; a mistake in it ends the test run.
package func hex(_ text: String) -> [UInt8] {
    guard let bytes = bytes(hexadecimal: text) else {
        preconditionFailure("not hexadecimal: \(text)")
    }
    return bytes
}
