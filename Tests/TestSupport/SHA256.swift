import CSodium

/// The SHA-256 of public bytes, which some vectors are given by.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe bytes.withUnsafeBufferPointer { input in
        unsafe digest.withUnsafeMutableBufferPointer { output in
            if let output = output.baseAddress {
                // An empty array has no address, and none is read.
                _ = unsafe crypto_hash_sha256(
                    output, input.baseAddress ?? UnsafePointer(output), UInt64(input.count))
            }
        }
    }
    return digest
}
