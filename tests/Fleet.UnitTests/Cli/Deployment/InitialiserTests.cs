using System.Security.Cryptography.X509Certificates;
using Fleet.Cli.Deployment;
using Fleet.Contracts.SignIn;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Cli.Deployment;

public sealed class InitialiserTests : IDisposable
{
    private static readonly string[] _names = ["silo", "localhost", "127.0.0.1"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-init-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly InitFolders _folders;

    public InitialiserTests()
    {
        _folders = new InitFolders(_folder);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_First_MakesEverything_ForItsReadersOnly()
    {
        var made = await RunAsync();

        PasswordHash.TryParse(await File.ReadAllTextAsync(Path.Combine(_folders.Dashboard, "dashboard.hash")), out var hash).ShouldBeTrue();
        hash.ShouldNotBeNull().Verify(made.Password.ShouldNotBeNull()).ShouldBeTrue();
        Names(_folders.Agent).ShouldBe(["ca.pem", "join.key"]);
        Names(_folders.Scoring).ShouldBe(["scoring.key"]);
        Names(_folders.Postgres).ShouldBe(["postgres.superuser.password"]);
        Names(_folders.Silo).ShouldBe(["api.key", "join.key", "postgres.fleet.password", "scoring.key", "server.key", "server.pem"]);
        Names(_folders.Dashboard).ShouldNotContain("join.key");
        Files().Where(file => File.ReadAllText(file).Contains(made.Password, StringComparison.Ordinal)).ShouldBeEmpty("the password is kept nowhere");
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Files().Where(file => ModeOf(file) != OwnerOnly).ShouldBe([Path.Combine(_folders.Postgres, "postgres.superuser.password")]);
        ModeOf(Path.Combine(_folders.Postgres, "postgres.superuser.password")).ShouldBe(OwnerOnly | UnixFileMode.GroupRead);
        _folders.All.Where(folder => folder != _folders.Postgres).ShouldAllBe(folder => ModeOf(folder) == (OwnerOnly | UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task Run_Again_ChangesNothing()
    {
        await RunAsync();
        var before = Files().ToDictionary(file => file, file => (File.ReadAllText(file), File.GetLastWriteTimeUtc(file)));

        var again = await RunAsync();

        again.ShouldBe(new InitResult(Password: null, NewCertificate: false));
        Files().ToDictionary(file => file, file => (File.ReadAllText(file), File.GetLastWriteTimeUtc(file))).ShouldBe(before);
    }

    [Fact]
    public async Task Run_AFileWasRemovedFromAPart_ItComesBackTheSame()
    {
        await RunAsync();
        var key = await File.ReadAllTextAsync(Path.Combine(_folders.Agent, "join.key"));
        File.Delete(Path.Combine(_folders.Agent, "join.key"));

        await RunAsync();

        (await File.ReadAllTextAsync(Path.Combine(_folders.Agent, "join.key"))).ShouldBe(key);
    }

    [Fact]
    public async Task Run_ResetPassword_MakesAnotherOne_AndNothingElse()
    {
        var first = await RunAsync();
        var key = await File.ReadAllTextAsync(Path.Combine(_folders.Silo, "join.key"));

        var second = await RunAsync(newPassword: true);

        second.Password.ShouldNotBeNull().ShouldNotBe(first.Password);
        PasswordHash.TryParse(await File.ReadAllTextAsync(Path.Combine(_folders.Dashboard, "dashboard.hash")), out var hash).ShouldBeTrue();
        hash.ShouldNotBeNull().Verify(second.Password).ShouldBeTrue();
        (await File.ReadAllTextAsync(Path.Combine(_folders.Silo, "join.key"))).ShouldBe(key);
    }

    [Fact]
    public async Task Certificate_IsTrustedByWhoTrustsTheAuthority_UnderEveryName()
    {
        await RunAsync();

        using var server = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folders.Silo, "server.pem"));
        Builds(server).ShouldBeTrue();
        _names.ShouldAllBe(name => server.MatchesHostname(name, true, false));
        server.MatchesHostname("elsewhere", true, false).ShouldBeFalse();
        X509Certificate2.CreateFromPemFile(Path.Combine(_folders.Silo, "server.pem"), Path.Combine(_folders.Silo, "server.key")).HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public async Task Certificate_AnotherNameOrNearItsEnd_IsMadeAnew_ByTheSameAuthority()
    {
        await RunAsync();
        var authority = await File.ReadAllTextAsync(Path.Combine(_folders.Agent, "ca.pem"));

        var named = await new Initialiser(_folders, _time).RunAsync([.. _names, "fleet.example.org"], newPassword: false, CancellationToken.None);
        var still = await RunAsync();
        _time.Advance(TimeSpan.FromDays(345));
        var late = await RunAsync();

        (named.NewCertificate, still.NewCertificate, late.NewCertificate).ShouldBe((true, false, true));
        (await File.ReadAllTextAsync(Path.Combine(_folders.Agent, "ca.pem"))).ShouldBe(authority);
    }

    [Fact]
    public async Task Run_ADamagedCertificate_IsNamedWithTheRemedy()
    {
        await RunAsync();
        await File.WriteAllTextAsync(Path.Combine(_folders.Vault, "ca.pem"), "no certificate");

        (await Should.ThrowAsync<InvalidDataException>(() => RunAsync())).Message.ShouldContain("Restore it from a backup");
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static List<string?> Names(string folder) => [.. Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories);

    private Task<InitResult> RunAsync(bool newPassword = false) => new Initialiser(_folders, _time).RunAsync(_names, newPassword, CancellationToken.None);

    private bool Builds(X509Certificate2 server)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(Path.Combine(_folders.Agent, "ca.pem"));
        return chain.Build(server);
    }
}
