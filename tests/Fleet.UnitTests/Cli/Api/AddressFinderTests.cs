using Fleet.Cli.Api;
using Fleet.Cli.Local.State;
using Fleet.UnitTests.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Api;

/// <summary>Which fleet is meant: options before the environment, the environment before the fleet that runs here.</summary>
public sealed class AddressFinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-cli-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_FleetOfThisCheckout_IsFoundFromAFolderBelow()
    {
        WriteRun(Path.Combine(_folder, ".fleet"));

        var found = Find();

        (found.Server, found.Key, found.TrustedRoots).ShouldBe((new Uri("http://127.0.0.1:5177"), "local-key", null));
    }

    [Fact]
    public void Find_StateFolderByOptionAndByEnvironment_IsThatFleet()
    {
        WriteRun(Path.Combine(_folder, "elsewhere"));

        Find(stateFolder: "../elsewhere").Key.ShouldBe("local-key");
        _environment[AddressFinder.StateVariable] = Path.Combine(_folder, "elsewhere");
        Find().Key.ShouldBe("local-key");
    }

    [Fact]
    public void Find_ServerAndKeyOfTheEnvironment_GoBeforeTheLocalFleet_AndOptionsBeforeThem()
    {
        WriteRun(Path.Combine(_folder, ".fleet"));
        _environment[AddressFinder.ServerVariable] = "https://fleet.example.org:5100";
        _environment[AddressFinder.KeyVariable] = "environment-key\n";

        var byEnvironment = Find();
        var byOptions = Find(server: "http://127.0.0.1:1", keyFile: Write("key", "option-key\n"));

        (byEnvironment.Server.Host, byEnvironment.Key).ShouldBe(("fleet.example.org", "environment-key"));
        (byOptions.Server.Port, byOptions.Key).ShouldBe((1, "option-key"));
    }

    [Fact]
    public void Find_ServerWithoutKey_IsNotGivenTheLocalFleetsKey()
    {
        WriteRun(Path.Combine(_folder, ".fleet"));

        Should.Throw<CliException>(() => Find(server: "https://other.example.org")).Message
            .ShouldBe("There is no API key for that server: give --key-file FILE (the silo's ApiKeyFile), or set FLEET_API_KEY or FLEET_API_KEY_FILE.");
    }

    [Theory]
    [InlineData("fleet.example.org:5100", "is not an address")]
    [InlineData("ftp://fleet.example.org", "is not an address")]
    [InlineData("http://fleet.example.org:5100", "in the clear. Use https://, or say --private-network")]
    public void Find_BadServer_SaysWhatToGive(string server, string words) =>
        Should.Throw<CliException>(() => Find(server: server)).Message.ShouldContain(words);

    [Fact]
    public void Find_PlainHttpInAPrivateNetwork_IsFine()
    {
        _environment[AddressFinder.KeyVariable] = "k";

        CreateSut().Find("http://fleet:5100", null, null, null, privateNetwork: true).Server.Host.ShouldBe("fleet");
    }

    [Fact]
    public void Find_NoFleetAnywhere_SaysHowToGetOne()
    {
        var said = Should.Throw<CliException>(() => new AddressFinder(_ => null, _folder, _folder).Find(null, null, null, null, false));

        said.Message.ShouldContain("./fleet up");
        said.Message.ShouldContain("--server URL");
        said.ExitCode.ShouldBe(ExitCodes.NotDone);
        Should.Throw<CliException>(() => Find(stateFolder: "nowhere")).Message.ShouldStartWith("No fleet runs from nowhere");
    }

    [Theory]
    [InlineData("", "does not hold a key")]
    [InlineData("two\nlines", "does not hold a key")]
    public void Find_BadKeyFile_SaysWhatToGive(string content, string words) =>
        Should.Throw<CliException>(() => Find(server: "http://127.0.0.1:1", keyFile: Write("bad", content))).Message.ShouldContain(words);

    [Fact]
    public void Find_FilesThatAreNotThere_AreNamed()
    {
        Should.Throw<CliException>(() => Find(server: "http://127.0.0.1:1", keyFile: "/no/such.key")).Message.ShouldContain("/no/such.key");
        _environment[AddressFinder.KeyVariable] = "k";
        Should.Throw<CliException>(() => Find(server: "https://f:1", caFile: "/no/ca.pem")).Message.ShouldContain("/no/ca.pem");
        Should.Throw<CliException>(() => Find(server: "https://f:1", caFile: Write("ca.pem", "no certificate"))).Message.ShouldContain("holds no certificate");
    }

    private string WorkingFolder => Path.Combine(_folder, "below");

    private FleetAddress Find(string? server = null, string? keyFile = null, string? caFile = null, string? stateFolder = null) =>
        CreateSut().Find(server, keyFile, caFile, stateFolder, privateNetwork: false);

    private AddressFinder CreateSut() => new(name => _environment.GetValueOrDefault(name), WorkingFolder, "/nowhere/at/all");

    private string Write(string name, string content)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, content);
        return file;
    }

    private void WriteRun(string stateFolder)
    {
        Directory.CreateDirectory(stateFolder);
        RunFile.Write(Path.Combine(stateFolder, "run.json"), RunFileTests.SomeRun() with
        {
            Addresses = new RunAddresses("", "http://127.0.0.1:5177", "", "", ""),
            CredentialFiles = new RunCredentialFiles("", Write("api.key", "local-key\n"), "", "", ""),
        });
    }
}
