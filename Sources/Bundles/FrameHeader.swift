import Bytes

/// The five bytes before a frame's body.
///
/// The signature that covers the type stands behind the body, so until then nothing is concluded from
/// them but how much to read.
///
/// ```
/// 0      1                  5
/// type   body length be32
/// ```
struct FrameHeader {
    static let byteCount = 5

    let type: FrameType
    let bodyByteCount: Int

    var encoded: [UInt8] {
        var bytes = [type.rawValue]
        bytes.append(bigEndian: UInt32(bodyByteCount))
        return bytes
    }
}
