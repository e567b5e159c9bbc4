import Bytes
import TestSupport
import Testing

@testable import Sealing

/// Every vector of the age test kit, and that each is refused by the layer that must refuse it.
@Suite(.enabled(if: !AgeVector.all.isEmpty, "no shared/vectors beside the package"))
struct AgeVectorTests {
    @Test(arguments: AgeVector.all)
    func vector(_ vector: AgeVector) throws {
        var released: [UInt8] = []
        var failure: SealingError?
        do throws(SealingError) {
            let source = MemorySource(vector.file)
            // Where the kit says that a file is armored, it is not left to be guessed.
            let file =
                vector.isArmored
                ? try OpenedFile(source: try Armor(source: source), keys: vector.keys)
                : try OpenedFile(source: source, keys: vector.keys)
            let (bytes, error) = drain(file)
            released = bytes
            failure = file.failure
            #expect((error == nil) == (failure == nil))
        } catch {
            failure = error
        }
        #expect(failure?.layer == vector.layer, "\(String(describing: failure))")
        if vector.layer == nil || vector.layer == .payload {
            #expect(sha256(released) == vector.released)
        } else {
            #expect(released.isEmpty)
        }
    }

    @Test func nothingIsMissingAndTheTableIsNeeded() {
        #expect(AgeVector.all.count == 143)
        let names = Set(AgeVector.all.map(\.name))
        #expect(names.isSuperset(of: AgeVector.rederived.keys))
        let needless = AgeVector.all
            .filter { AgeVector.rederived[$0.name] != nil && $0.expected == "no match" }
        #expect(needless.isEmpty)
    }

    @Test("armor is found without being told", arguments: AgeVector.all.filter(\.isArmored))
    func armorIsFound(_ vector: AgeVector) {
        var failure: SealingError?
        do throws(SealingError) {
            let file = try OpenedFile(source: MemorySource(vector.file), keys: vector.keys)
            _ = drain(file)
            failure = file.failure
        } catch {
            failure = error
        }
        #expect(failure?.layer == vector.layer, "\(String(describing: failure))")
    }

    @Test("headers encode back to the bytes they were read from", arguments: AgeVector.all)
    func headersAreCanonical(_ vector: AgeVector) {
        guard !vector.isArmored, let header = try? AgeHeader(source: MemorySource(vector.file))
        else { return }
        #expect(vector.file.starts(with: header.encoded))
    }
}
