import Bundles
import Bytes
import Carriers
import KeyFormats
import Megolm
import Sealing

/// Calls into a room, its error mapped at the wall.

func carrying<Result: ~Copyable>(
    _ step: HeirloomError.Step, _ path: String, _ body: () throws(CarrierError) -> Result
) throws(HeirloomError) -> Result {
    do throws(CarrierError) {
        return try body()
    } catch {
        throw HeirloomError(step, error, of: path)
    }
}

func moving<Result: ~Copyable>(
    _ step: HeirloomError.Step, _ path: String, _ body: () throws(StreamError) -> Result
) throws(HeirloomError) -> Result {
    do throws(StreamError) {
        return try body()
    } catch {
        throw HeirloomError(step, error, of: path)
    }
}

func sealing<Result: ~Copyable>(
    _ step: HeirloomError.Step, _ name: String, _ body: () throws(SealingError) -> Result
) throws(HeirloomError) -> Result {
    do throws(SealingError) {
        return try body()
    } catch {
        throw HeirloomError(step, error, of: name)
    }
}

func collecting<Result: ~Copyable>(
    _ path: String, _ body: () throws(KeyFormatError) -> Result
) throws(HeirloomError) -> Result {
    do throws(KeyFormatError) {
        return try body()
    } catch {
        throw HeirloomError(collecting: error, from: path)
    }
}

func bundling<Result: ~Copyable>(
    _ body: () throws(BundleError) -> Result
) throws(HeirloomError) -> Result {
    do throws(BundleError) {
        return try body()
    } catch {
        throw HeirloomError(bundling: error)
    }
}

/// Compares keys that have passed all checks; that libolm fails on them is nobody's input's fault.
func comparing<Result>(
    _ step: HeirloomError.Step, _ body: () throws(MegolmError) -> Result
) throws(HeirloomError) -> Result {
    do throws(MegolmError) {
        return try body()
    } catch {
        throw HeirloomError(step, .brokenLibrary, "the keys cannot be compared: \(error)")
    }
}
