using Fleet.Contracts.SignIn;
using Fleet.Dashboard.SignIn;

namespace Fleet.UnitTests.Dashboard.SignIn;

public sealed class PasswordCommandTests
{
    [Fact]
    public void Run_WritesAHashOfWhatItPrints_ForTheOwnerOnly()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-password-").FullName;
        try
        {
            var path = Path.Combine(folder, "deep", "password");
            using var output = new StringWriter();

            PasswordCommand.Run(["--file", path], output, TextWriter.Null).ShouldBe(0);

            PasswordHash.TryParse(File.ReadAllText(path), out var hash).ShouldBeTrue();
            hash.ShouldNotBeNull().Verify(output.ToString().Trim()).ShouldBeTrue();
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            PasswordCommand.Run([], TextWriter.Null, TextWriter.Null).ShouldBe(1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
