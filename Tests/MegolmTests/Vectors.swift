/// A session made for these tests, its messages encrypted by another implementation.
///
/// Ed25519 seed 00…1f; ratchet part j of the bytes 0x10·(j+1) + n mod 16; index 0.
enum MadeSession {
    static let sessionID = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"
    static let roomID = "!r:example.org"
    static let plaintext =
        #"{"content":{"body":"hi","msgtype":"m.text"},"room_id":"!r:example.org","#
        + #""type":"m.room.message"}"#

    /// The signed session-sharing format, 306 characters.
    static let signed = """
        AgAAAAAQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss\
        LS4vMDEyMzQ1Njc4OTo7PD0+PzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PQEFCQ0RFRkdISUpLTE1O\
        TwOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4hobOv5dGAFQjIvzX6ikFqXxD6EKAdIBfAm+MLR+xCiC6\
        Cm8uiQzqrpfCpGjG7ms1OBAA1b3YMiZk0Ae8uT73Dg
        """

    static let exportAt0 = """
        AQAAAAAQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss\
        LS4vMDEyMzQ1Njc4OTo7PD0+PzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PQEFCQ0RFRkdISUpLTE1O\
        TwOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
        """

    static let exportAt1 = """
        AQAAAAEQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss\
        LS4vMDEyMzQ1Njc4OTo7PD0+PzAxMjM0NTY3ODk6Ozw9Pj/iUlIblcaqLikRkf2jEqTu8Sto6kNL4BCzD+QhQOJq\
        zwOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
        """

    static let exportAt130 = """
        AQAAAIIQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss\
        LS4vMDEyMzQ1Njc4OTo7PD0+PzAxMjM0NTY3ODk6Ozw9Pj8Cf3go0bVRaM1U8C27sWVIZVqAVUyXIRjcYvbMFjzK\
        NAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
        """

    static let exportAt256 = """
        AQAAAQAQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss\
        LS4vOOevzqNXqfOAMil7uTLOriT8MzKHMXPomPpSdKUskqeFRt1VnMl2qw5MNxe5x90T7aIS/1aPj7ti/5f0Hbhu\
        7gOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
        """

    static let exportAt1000 = """
        AQAAA+gQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss\
        LS4vKtBiaReyQRw9uINmtpqXI1upAKW5/U3i2fJ83Ec0KNQoqQzu2p3mEkOQRKukZXSW7ivuIAJmw3vVF5ScTAKd\
        TgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
        """

    static let messageAt0 = """
        AwgAEmAQg6jEd+t4N9RHR6RlJKBAQnk2pobzroPizau+p+s+wUXbB/sVcU7cmqFcDeURQU+vOYw4RVM7vtMumTdk\
        BhTKPYyM8QaarV/ssZCjHONE713Hmc8m+j72xGNeOlbL229kMgA4oG6GFT9OBuloNeesNyuU9LFp5LDG1rLJgK6v\
        Y0VQPBMEBIPdRR5rey8WLw3wkvrEN/R1KZxm6aXRMd5YVjy2CbyWagE
        """

    static let messageAt130 = """
        AwiCARJg3aRBFOIsNGr3KhL3qYmn6J15MZJs3A2cITTl5b3t0Dqzu0V52e0qZWZttvHNJ0H5S3JU45IWHEUoW48Y\
        3SzssX282AyKgu29ROYP+ZSSg/YfhK0j8V36SjbD0fMHvcDl+TgfRb2j9znDr4+Y9pRKmdfESUhHbG/HWNEyhlx7\
        WPs6TXTPxc0Q+6yK+/aFHMI3Xj1TW1SZ8ob0/tS8373eSSDGTPtFvOgE
        """

    static let messageAt300 = """
        AwisAhJgr4j7hJxY0QUloxbRRg1ceyJChXPlOfkEFUh87rehR/vzjrA9WYC5KDWLVf43ju0d3meXnzlRCpg7WMU/\
        CYHPfiZg4gy0Th4F4Efmv4hsdXRNQzNzo03UayzEBwvNyLDkiTysevo3/7a5yVCCD+2IlP/OGXGlIsCbmYmv6Mln\
        qw6l3p+gYaLVhFWOJzCjop3Kg9ea8IKlKUX19guwX+3kSb2if3AVSpsI
        """

    static let messageAt255 = """
        Awj/ARJgRVad5Kfw/gmrKuBAR4hAvXbLK29jTPXS8iwIi8z3vooeCKAa5C3nvRpoCoHhMnaqzUlJCIO0ySrUMnEx\
        wT1XKHkHO3TK55qyCrG4yiuQpYxtYOJcPycfn5fMu+Kg/WzeWjY7jfvhG++DCoAIJGilFx1y2GD2UXXEWHwjLLhR\
        P2t+WVlGcm/TZvmODQKExSnYAB5Yg0v/fPDyig6AzFs0r7en2D79T0YB
        """

    static let messageAt256 = """
        AwiAAhJg/a+tyyR2n+nX7O2GXU5hQLUHuDCMd74DRYSkAAcP6OqKCZuQxj06Varb6NupmVpOZASEgkqrtWH8Hy60\
        QmwwSSmSSh40HfRhcYxGrVuH45SGGJfLdknWzP7gwz9yDeRbVum5ZphvAWobPn/bjVtDHkn2NanPwmnEgq0Mmz//\
        iy76eTbDMSPM3nxvwmJoVn1COrE16uJCtohTjvS7ZkNNdGkXMEk09KoA
        """

    /// The plaintext names the room `!é:example.org`, é in two scalars.
    static let decomposedRoomAt1 = """
        AwgBElBhIvWAoW2cFyPSg22bINWk0dPH2XV1hUJskDVtsItu6Xg98cyUyDUi3suU3bU7qnrwzXnqcdDdXYztMuRz\
        KnnOnrVFBbQRfBkmEfblrZu913DR5UQ1UkmwpWV35KxguN7Q7nyuBOqhcArPbWQox6S14xzEZftXm+/y1epgvL9e\
        eKUelL2wKeJemer1MnyfmKRaIjZATA68DQ
        """

    /// The plaintext writes the room as `\u0021r:example.org`.
    static let escapedRoomAt2 = """
        AwgCEmAKHaK47AO5mBrbQ974BQ41ltHO/8yDaDPmMAbJp42yXST6UvdfzKoZzL9os6zzd+zIUb7E9V2Keekfr067\
        ThaF0z9mas5LqA2GWPGfbsXq2TTYkBp8C2jztV8q+k6+yDeZ8YkqT6Oeu3QqyrIJ8lzfGB73Yw3RB0SsYBb4ak/K\
        DUlXu84sA7LTAfs96fM9ux4gfRb/OK8KsqEkuiCjozSEoqDjF8eqsw4
        """

    static let noRoomAt3 = """
        AwgDEkA8b9d8k6p11GdfrYxJ91+olDWrOFVKKaXv6BYcEpKeJvMPhYg8DdWi/Yn4y2B4lidpOanM8ckzuJJJab5V\
        XdtXU/bXtnDANSccS6EL9dv/rfJM2lfy6OHM6aWLGoVHpVqx17LhwadlTSU/Rr5hsS0Q6qIidul0RyDRtywqryRD\
        dpd4qGe+nvoI
        """

    static let numberForRoomAt4 = """
        AwgEEkCPaUbZUnQpvIQD8PjOh87cY1mLUjIzM48nHGdYDFJr66rM7TBjqXF/ADvV8Y6oKKp1hR3sfRlcOQ5V7Obu\
        SDbaZUwla/qGmuRZ7LEybsw2OdT6b81mFrb0zc0BPhQLt8RTVveM/07+2lbLKLPdkg0Bo8qSwEkxPOQqnDPkG3UP\
        GHmiCxjKwE4H
        """

    static let twoRoomsAt5 = """
        AwgFEnCltzjrnqGOx5sMTlIc659ZhNRENEfNsoxwhB7lEdSyd7y0x0wOEPSgRgyzG7HTrcwDJRc3leLT9//C88QX\
        Kw1/S+MyyFSNftL91u9zowPkMWl0QHsZJRPK19N0V3zJxQTdQ3dwov4UD8AZP6A6Shd+rd+92pE098+A/Urt4sS5\
        /qNx5qLJe9InkQhwtw8yCfUtLEFKPZ/L4otnN/j6BKL0DNLCrj5+AY8NCSMOy43GS0SUYm1GIUEH
        """

    static let arrayAt6 = """
        AwgGEiDAg+vL/aiCxjdqB/UDUiykMZeyuG3Fg0cYm3ezV7NGd38TjVv0sfFNdq/zb+OKoFogZw+fVFj3v8fqoPXv\
        +RksQ6882XB5a1Hvpr+j29TDyhFIxsNgBDgdnWYoYS1dX2GfeMdy8P1WBg
        """

    static let emptyAt7 = """
        AwgHEhDo2cY3la35zjyGwN3Z1u/cFww3U8v9vdDmR7K+gxQ44fRGKkAGM6ekOKD4/5yr0BKAj2rMPebUK8rzFQPX\
        AyJFU2A12oqmOPPiD4O12CHizLKulK205PQD
        """

    /// The plaintext names another room, and this one inside its content.
    static let otherRoomAt8 = """
        AwgIEmB5e06/4Ue4I+hNC9wTwFda41PfJOjDi1ai1/OvtB7uYO7DcMFnvse2lCAjAin3b7VnFGN+3EDmCwh2X1lj\
        a60n2PSAHEdpXDcl15uBwxR05Gtv8ExEgpkaC1BShF6UCWmwcnE5xL1JKfMEQFI3k+znoeZ5zAlJcDXGzEu4afGa\
        npflXQQQo4iMPrMc/OEijK9xyqCuImV5vJgwgOUJLSlQgDvGroaY2g4
        """
}

/// A session whose Ed25519 key is the identity point, and a message that libolm opens under it.
enum ForgedSession {
    static let export = """
        AQAAAAAQERITFBUWFxgZGhscHR4fEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8gISIjJCUmJygpKiss\
        LS4vMDEyMzQ1Njc4OTo7PD0+PzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5PQEFCQ0RFRkdISUpLTE1O\
        TwEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        """

    static let message = """
        AwgAEhD//qBg1bHWkBNJGkvx0LmAPEeGOBYuVvkBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        """
}

/// From libolm's own tests; the message is the bare text “Message”.
enum LibolmSession {
    static let sessionID = "DRt2DUEOrg/H+yUGjDTqryf8H1YF/BZjI04HwOVSZcY"

    static let signed = """
        AgAAAAAwMTIzNDU2Nzg5QUJERUYwMTIzNDU2Nzg5QUJDREVGMDEyMzQ1Njc4OUFCREVGMDEyMzQ1Njc4OUFCQ0RF\
        RjAxMjM0NTY3ODlBQkRFRjAxMjM0NTY3ODlBQkNERUYwMTIzNDU2Nzg5QUJERUYwMTIzNDU2Nzg5QUJDREVGMDEy\
        Mw0bdg1BDq4Px/slBow06q8n/B9WBfwWYyNOB8DlUmXGGwrFmaSb9bR/eY8xgERrxmP07hFmD9uqA2p8PMHdnV5y\
        smgufE6oLZ5+8/mWQOW3VVTnDIlnwd8oHUYRuk8TCQ
        """

    static let messageAt0 = """
        AwgAEhAcbh6UpbByoyZxufQ+h2B+8XHMjhR69G8F4+qjMaFlnIXusJZX3r8LnRORG9T3DXFdbVuvIWrLyRfm4i8Q\
        Rbe8VPwGRFG57B1CtmxanuP8bHtnnYqlwPsD
        """

    static let exportAt0x1041506 = """
        AQEEFQY3FRc2vnPfuTulS60ro8kVDIs6bl+Ca638JLwWoaCmWjpTGe9DGOh2ah8aYn5ynEGipZHnSx57KMiu1D/a\
        1SVbMJsGX2d/JBWWcJGICDhB019PkAIbnrn4tUo7c/k9vwl/IfKJMce52bSxljQjt2zW6oKGcl8GwFtWi6okRkxd\
        8g0bdg1BDq4Px/slBow06q8n/B9WBfwWYyNOB8DlUmXG
        """
}

/// From the JavaScript SDK's tests.
enum JavaScriptSession {
    static let sessionID = "ipdI6Zs/7DzFTEhiA2iGaMDfHkIYCleqXT6L+5e1/co"
    static let roomID = "!room:id"
    static let plaintext =
        #"{"content":{"body":"Hello world","msgtype":"m.text"},"room_id":"!room:id","#
        + #""type":"m.room.message"}"#

    static let exportAt0 = """
        AQAAAABXGO+Z9jlQJhIL6ByhXrv2BwCIxkhh7MXpKLsYmXkJcWrQlirmXmD79ga1zo+I4DCtEZzyGSpDWXBC6G7e\
        z3H4gDMBam1RE3Jm5tc+oTlIri32UkYgSL0kBkcEnttqmIXBlK8tAfJo3cJnlh7F4ltEOAqrdME6dU0zXTkqXmUR\
        qYqXSOmbP+w8xUxIYgNohmjA3x5CGApXql0+i/uXtf3K
        """

    static let messageAt0 = """
        AwgAEnAkBmciEAyhh1j6DCk29UXJ7kv/kvayUNfuNT0iAioLxcXjFXOZ5ho3jF1/wrytlt0Lb298uMM67OxdVMi+\
        /mMfYpwlvi07P9cIH6CMSj8tyhYoWl0SrKY6tkPf5GWOlRSRRKbziXa96FHXvnA3V2FCAIGtAe3G4ei5RPbhkmKA\
        FBLAen33/D6MjJVqU8Ojr5vTkgls5eyirarlVpsmnH06alDaxO8avrU0NL+Vsw26xvlUQgEMOnUJ
        """

    static let exportAt1 = """
        AQAAAAFXGO+Z9jlQJhIL6ByhXrv2BwCIxkhh7MXpKLsYmXkJcWrQlirmXmD79ga1zo+I4DCtEZzyGSpDWXBC6G7e\
        z3H4gDMBam1RE3Jm5tc+oTlIri32UkYgSL0kBkcEnttqmIXByXMbb515z7KKig4ygYmikVW+bODMC/mr+NCtY3Y4\
        MYqXSOmbP+w8xUxIYgNohmjA3x5CGApXql0+i/uXtf3K
        """

    /// What that suite calls the next key: its generator hashes two bytes where Megolm has one.
    static let wrongAt1 = """
        AQAAAAFXGO+Z9jlQJhIL6ByhXrv2BwCIxkhh7MXpKLsYmXkJcWrQlirmXmD79ga1zo+I4DCtEZzyGSpDWXBC6G7e\
        z3H4gDMBam1RE3Jm5tc+oTlIri32UkYgSL0kBkcEnttqmIUWvpwC7by/yg231+gyzu9lDHAU4ivCj48pt7WGiORW\
        mIqXSOmbP+w8xUxIYgNohmjA3x5CGApXql0+i/uXtf3K
        """
}
