// swift-tools-version: 6.2

import PackageDescription

/// Every room is built alike: Swift 6 mode, strict memory safety, warnings are errors.
let houseRules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // `Secrets` lends its bytes as spans whose lifetime the compiler checks.
    .enableExperimentalFeature("Lifetimes"),
]

/// One room: a target and the rooms it may import.
///
/// `Tests/HouseTests` holds these arrows, and the import lines of the sources, against the table in
/// `Sources/README.md`.
func room(_ name: String, imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, exclude: [], swiftSettings: houseRules)
}

func roomTests(
    _ name: String, of rooms: [Target.Dependency], files: [String] = []
) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: rooms + ["TestSupport"],
        exclude: files,
        swiftSettings: houseRules)
}

// PBKDF2, AES-CTR, AES-CBC and bulk HMAC of the older Matrix formats: libsodium has none of them.
let crypto: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "CryptoExtras", package: "swift-crypto"),
]

let package = Package(
    name: "heirloom",
    products: [
        .executable(name: "heirloom", targets: ["heirloom-cli"]),
        .library(name: "Heirloom", targets: ["Heirloom"]),
    ],
    dependencies: [
        // The older ciphers of key export files and backups (`design.md` §7).
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // The command's flags, help, completions and manual page: the convention in Swift.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // SQLite with its migrations, statements and error codes kept safe (`design.md` §7); only
        // `Archives` sees it.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // The server side's standard HTTP client: TLS, timeouts, pooling and cancelling, without
        // Foundation's (`design.md` §7); only `Homeserver` sees it.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        // That client's own types for methods, headers and deadlines; comes with it.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COlm", pkgConfig: "olm", providers: [.apt(["libolm-dev"])]),
        .systemLibrary(
            name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(
            name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(
            name: "CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CZBar", pkgConfig: "zbar", providers: [.apt(["libzbar-dev"])]),

        room("Bytes"),
        room("Secrets", imports: ["Bytes", "CLinux", "CSodium"]),
        room("StrictJSON", imports: ["Bytes", "Secrets"]),
        room("MatrixTypes", imports: ["Bytes"]),
        room("Megolm", imports: ["Bytes", "MatrixTypes", "Secrets", "StrictJSON", "COlm"]),

        room(
            "KeyFormats",
            imports: ["Bytes", "MatrixTypes", "Megolm", "Secrets", "StrictJSON"] + crypto),
        room("RoomTimelines", imports: ["Bytes", "MatrixTypes", "Megolm", "StrictJSON"]),
        room("HistoryRules", imports: ["MatrixTypes", "RoomTimelines"]),
        room("Selection", imports: ["Bytes", "MatrixTypes", "Megolm", "RoomTimelines"]),
        room("Bundles", imports: ["Bytes", "MatrixTypes", "Megolm", "Secrets"]),
        room("Sealing", imports: ["Bytes", "Secrets"]),
        room(
            "Carriers",
            imports: [
                "Bytes", "CPNG", "CQRencode", "CTurboJPEG", "CZBar",
                // SHA-256 names a transfer of QR codes; libsodium's stands behind another wall.
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room(
            "Archives",
            imports: [
                "Bytes", "MatrixTypes", "Megolm", "Secrets",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),

        room(
            "Homeserver",
            imports: [
                "Bytes", "MatrixTypes", "Secrets", "StrictJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),

        room(
            "Heirloom",
            imports: [
                "Bytes", "Secrets", "StrictJSON", "MatrixTypes", "Megolm", "KeyFormats",
                "RoomTimelines", "HistoryRules", "Selection", "Bundles", "Sealing", "Carriers",
                "Archives", "Homeserver",
            ]),
        room(
            "Commands",
            imports: [
                "Heirloom",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "heirloom-cli", dependencies: ["Commands"], swiftSettings: houseRules),

        // A bot's way to invite, with the library's public interface alone.
        .executableTarget(
            name: "invite-bot", dependencies: ["Heirloom"], path: "Examples/invite-bot",
            packageAccess: false, swiftSettings: houseRules),

        // Hostile bytes against every reader: `Tests/Fuzz/run.sh`.
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Bundles", "Bytes", "Carriers", "Homeserver", "KeyFormats", "MatrixTypes", "Megolm",
                "RoomTimelines", "Sealing", "Secrets", "StrictJSON",
            ],
            path: "Tests/Fuzz", exclude: ["libfuzzer.sh", "run.sh", "seeds.py"],
            swiftSettings: houseRules),

        .target(
            name: "TestSupport",
            dependencies: ["Bytes", "MatrixTypes", "Secrets", "CSodium", "COlm"],
            path: "Tests/TestSupport", swiftSettings: houseRules),
        roomTests("Secrets", of: ["Bytes", "Secrets"]),
        roomTests("Sealing", of: ["Bytes", "Secrets", "Sealing"]),
        roomTests("StrictJSON", of: ["StrictJSON", "Bytes"]),
        roomTests("MatrixTypes", of: ["MatrixTypes", "Bytes"]),
        roomTests("Megolm", of: ["Megolm", "MatrixTypes", "Bytes", "Secrets"]),
        roomTests(
            "KeyFormats",
            of: ["Bytes", "KeyFormats", "MatrixTypes", "Megolm", "Secrets", "StrictJSON"],
            files: ["Corpus"]),
        roomTests(
            "Format", of: ["Bundles", "Bytes", "MatrixTypes", "Megolm", "Sealing", "Secrets"]),
        roomTests(
            "Heirloom",
            of: [
                "Bytes", "Heirloom", "Homeserver", "MatrixTypes", "Megolm", "RoomTimelines",
                "Secrets",
                "Selection",
            ]),
        roomTests("House", of: ["Commands", "Heirloom"]),
        roomTests("RoomTimelines", of: ["Bytes", "MatrixTypes", "Megolm", "RoomTimelines"]),
        roomTests(
            "HistoryRules", of: ["Bytes", "HistoryRules", "MatrixTypes", "Megolm", "RoomTimelines"]),
        roomTests(
            "Selection",
            of: ["Bytes", "MatrixTypes", "Megolm", "RoomTimelines", "Secrets", "Selection"]),
        roomTests("Carriers", of: ["Bytes", "Carriers", "Secrets"] + crypto),
        roomTests("Command", of: ["heirloom-cli"], files: ["Corpus"]),
        roomTests(
            "Archives",
            of: [
                "Archives", "Bytes", "MatrixTypes", "Megolm", "Secrets",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        roomTests(
            "Homeserver", of: ["Bytes", "Homeserver", "MatrixTypes", "Secrets", "StrictJSON"]),
        roomTests("Bundles", of: ["Bundles", "Bytes", "MatrixTypes", "Megolm", "Secrets"]),
    ]
)
