using Azure.Core;
using Azure.Identity;
using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class EntraCredentialTests
{
    private readonly List<FakeCredential> _made = [];

    [Fact]
    public async Task Get_AsksForTheDataPlaneOnly()
    {
        var sut = CreateSut();

        (await sut.GetAsync(default)).ShouldBe("token of credential 1");
        await sut.GetAsync(default);

        _made.ShouldHaveSingleItem().Scopes.ShouldBe(["https://ml.azure.com/.default", "https://ml.azure.com/.default"]);
    }

    [Fact]
    public async Task Replace_TokenThatWasRefused_ComesFromANewCredential()
    {
        var sut = CreateSut();
        var refused = await sut.GetAsync(default);

        (await sut.ReplaceAsync(refused, default)).ShouldBe("token of credential 2");
        (await sut.ReplaceAsync(refused, default)).ShouldBe("token of credential 2");

        _made.Count.ShouldBe(2);
    }

    [Fact]
    public void Create_WithASecretsFile_IsTheApplicationsElseTheMachines()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "secret\n");

        EntraCredentials.Create(new ScoringOptions { TenantId = "tenant", ClientId = "client", ClientSecretFile = file }).ShouldBeOfType<ClientSecretCredential>();
        EntraCredentials.Create(new ScoringOptions()).ShouldBeOfType<DefaultAzureCredential>();

        File.Delete(file);
    }

    private EntraCredential CreateSut() => new(() =>
    {
        _made.Add(new FakeCredential($"token of credential {_made.Count + 1}"));
        return _made[^1];
    });

    private sealed class FakeCredential(string token) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Tokens are asked for without blocking.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return ValueTask.FromResult(new AccessToken(token, DateTimeOffset.MaxValue));
        }
    }
}
