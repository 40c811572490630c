using Fleet.Contracts.SignIn;

namespace Fleet.UnitTests.Contracts.SignIn;

public sealed class PasswordHashTests
{
    private const int FewIterations = 1_000;

    [Fact]
    public void Verify_OfTheLineReadBack_TakesThePasswordAndNoOther()
    {
        var created = PasswordHash.Create("correct horse", FewIterations);

        PasswordHash.TryParse(created + "\n", out var read).ShouldBeTrue();

        read.ShouldNotBeNull().Verify("correct horse").ShouldBeTrue();
        read.Verify("correct horsf").ShouldBeFalse();
        read.Fingerprint.ShouldBe(created.Fingerprint);
    }

    [Fact]
    public void Create_SamePasswordTwice_HasAnotherSaltAndFingerprint()
    {
        PasswordHash.Create("same", FewIterations).Fingerprint.ShouldNotBe(PasswordHash.Create("same", FewIterations).Fingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("md5:1:AAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("pbkdf2-sha256:0:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("pbkdf2-sha256:999999999:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("pbkdf2-sha256:1000::")]
    [InlineData("pbkdf2-sha256:1000:not base64:AAAAAAAAAAAAAAAAAAAAAA==")]
    public void TryParse_SomethingElse_IsRefused(string line)
    {
        PasswordHash.TryParse(line, out var hash).ShouldBeFalse();
        hash.ShouldBeNull();
    }
}
