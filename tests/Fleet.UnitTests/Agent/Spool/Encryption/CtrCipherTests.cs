using Fleet.DeviceAgent.Spool.Encryption;

namespace Fleet.UnitTests.Agent.Spool.Encryption;

public sealed class CtrCipherTests
{
    // NIST SP 800-38A, F.5.5: CTR-AES256.Encrypt.
    private const string Key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    private const string Counter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    private const string Plain =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

    private const string Cipher =
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6";

    [Fact]
    public void Transform_NistVector_IsTheirs()
    {
        var bytes = Convert.FromHexString(Plain);
        using var sut = CreateSut();

        sut.Transform(bytes, 0);

        Convert.ToHexStringLower(bytes).ShouldBe(Cipher);
    }

    [Fact]
    public void Transform_AnyPieceOfTheStream_IsAsInTheWhole()
    {
        var cipher = Convert.FromHexString(Cipher);
        using var sut = CreateSut();

        for (var from = 0; from < cipher.Length; from++)
        {
            for (var to = from; to <= cipher.Length; to++)
            {
                var piece = cipher[from..to];
                sut.Transform(piece, from);
                Convert.ToHexStringLower(piece).ShouldBe(Plain[(2 * from)..(2 * to)]);
            }
        }
    }

    [Fact]
    public void Transform_MoreThanItDoesAtATime_IsAsInPieces()
    {
        var whole = new byte[10_007];
        var pieces = new byte[10_007];
        using var sut = CreateSut();

        sut.Transform(whole, 5);
        for (var i = 0; i < pieces.Length; i += 333)
        {
            sut.Transform(pieces.AsSpan(i, Math.Min(333, pieces.Length - i)), 5 + i);
        }

        pieces.AsSpan().SequenceEqual(whole).ShouldBeTrue();
    }

    private static CtrCipher CreateSut() => new(Convert.FromHexString(Key), Convert.FromHexString(Counter));
}
