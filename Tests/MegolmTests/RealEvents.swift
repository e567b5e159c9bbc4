import Testing

/// Three events and their keys as real clients and a real server made them: users, rooms and keys
/// are throw-away.
struct RealEvent: Sendable {
    let what: String
    let key: String
    let ciphertext: String
    let sessionID: String
    let index: UInt32
    let body: String

    static let roomID = "!yJSbNihwXduhZwPJJb:heirloom.test"
    static let all = [
        RealEvent(
            what: "the first message of a session", key: firstKey, ciphertext: first,
            sessionID: "uGr4MBH8/uF5DXezsmjLffKlV3k8jEgXoCt6NEHOSQE",
            index: 0, body: "garden #1: alice stone gate letter budget lantern roof fence fence"),
        RealEvent(
            what: "two lines", key: secondKey, ciphertext: second,
            sessionID: "i1B5ONH89qvmN1mCu2td0v/pIhk3Rb6pkiEjBiyMjMw",
            index: 0,
            body: "garden #6: bob gate stone letter ledger vote kettle lantern ladder\nsecond line"),
        RealEvent(
            what: "text beyond Latin", key: thirdKey, ciphertext: third,
            sessionID: "7UDQg5Ou8OLuHvWawX2F2MNpya8stxq+vM4ZCbSJMgs",
            index: 4, body: "garden #40: carol vote lantern apple 漢字テスト"),
    ]

    private static let firstKey = """
        AQAAAAAF4JJAgkO3vqoGSomxOCcxaoBZ0msmuASphCfNVcQqrDWYpixvLT0urFIS02ku69QYV5UR/2rOgR/v8iAr\
        JNB1Y5Hak82PJ5+MO/28VQBKVp+fszrYDkxpX2ZYHWbmaOZt7mFLM3RY3cGMgIa+08vS9dg2g2wdIo5pCbxAcHKh\
        crhq+DAR/P7heQ13s7Joy33ypVd5PIxIF6ArejRBzkkB
        """

    private static let first = """
        AwgAEsAB7DSkLtnAvWFro+ik6T/eV2VSwwxzv38p1C2+Y5/dX7LC4INBxjrz9+v7mQ9mSIAXq3NeYVHh4h+0v2rl\
        8twMoa/3flxXzK4KXGX+ktlKvL35Vw/ro4J9liS0LTsKFtduJ8ZxqAdZ3DkYkqGZzbLLKtg2escEOnxq84dJBydp\
        tRYyZzpumq9qCltC+Dzlwy29196Ks/IawFJVpj5DPn7Jds4k+5TscflVzClbLXuqkOBMNbv0UDvDf8N9+vk6u/CI\
        CSu3uXGCXIEgKCtDORMsJ5xkLGV2Deh41wUWw4dmV2hMZVr6wrct+8QRs2vd+a1f1yreBG5jQ5z5wl77B1CZN+TJ\
        XFs/hhIC
        """

    private static let secondKey = """
        AQAAAAByePULuKjCrCZ568lH8C4MW6reLT9+NNBk/HVyKU93U1kvRZIda0Re3Qf7g2EQToXpCEtGTR1zzDE2J9ez\
        8OWbIJmh2tGyiJJQFGUkdqXzXfeJ2mil3tdTKcd5/NGO6HcnVx4VmssGKOMoyLRbv1Fp5SryHEENCN9jAB8M+Wqk\
        UItQeTjR/Par5jdZgrtrXdL/6SIZN0W+qZIhIwYsjIzM
        """

    private static let second = """
        AwgAEsABjMiBI+BzgxE1GOliH2WNX58Oqu7381LPw0DojE09TMwz9alwylJWKRFAOSkmgfYflxWFm2BMGNNhN/l4\
        9yaMy2A08XrueSKO9AlJMOOwh+XkBK/zIv7Lwy6v6kaQXsHlPmk8+GIJlb6+WKxetgnr878/9D5PpQgxIzagcaR3\
        9xzOXAXxrBV+wkX35bpKeXi/2Ep11GYG5CXE0fHYhWjiSIgFlnbQ7xYwUL+5QSHeLMDLmbyMb0NqhkkpdOFk3SwQ\
        mWwY2cRnRznhjWmZpDOhzXNYyWkQGLuIMPBdYV/JzVXMW3iDutW/wF3XYKSh6Xs93rH2/rHGKWuk4E91lUl2zLeZ\
        NC4d2KIC
        """

    private static let thirdKey = """
        AQAAAAARyY5rwIqkWFdcG3IVg+l2vZDV7Jh2ECWOcova6dUKBNdzG+v2SABsY/bv+pb5dXSG/ZeePyCyS3WVQHRw\
        ExNTwMXmyGfJSY2Li/lyYo4YXl9cBzoVpYjUu72vKAaHaMVhHRHhvEr3rTS3Io/d/xTe02fbts5bmqAc+pRPmeZP\
        Pe1A0IOTrvDi7h71msF9hdjDacmvLLcavrzOGQm0iTIL
        """

    private static let third = """
        AwgEEsABVjUCE0EM4n+F/LUE9eCbF6TeXeT4b6aWn+NxvCHuftWlefw7T0GtmZASVsiaEcaVSxkY+Rk6MdPLYgA2\
        3tiJQQwHyIsZBPfF+hfExIh+bYJXCnq4QcdZm+sAmDgV6WScptERrEfSAQhRkWkiuEMIG/6Cmp9QZ1IbLcJdouaF\
        QDMZwbynfzRQIkaG+4kfTRnySG6QGboHFXRIhHGU/8aGUgERsgNI/x1w1AVk3fGCLH4JIsSY8KRzKBuabrck/Ncd\
        pZ+gPNlNU48cupiYLUvLXnV2uL2EMUOkoQ8sDMYS3Ylt16NnrTAO8RZlMC1CwLPpw+qXLWNvLqyRoaGEoFLltVbi\
        p19PBpAA
        """
}

extension RealEvent: CustomTestStringConvertible {
    var testDescription: String { what }
}
