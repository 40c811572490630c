using Azure.Core;

namespace Fleet.Silo.Transcription;

/// <summary>Tokens of Microsoft Entra ID. They are kept by the credential until shortly before they end; one that is refused is asked for anew.</summary>
/// <param name="create">Makes a credential that has kept nothing yet.</param>
internal sealed class EntraCredential(Func<TokenCredential> create) : IScoringCredential
{
    /// <summary>The data plane of Azure Machine Learning; a token for management.azure.com is refused by it.</summary>
    public const string Scope = "https://ml.azure.com/.default";

    private static readonly TokenRequestContext _request = new([Scope]);

    private volatile TokenCredential? _credential;

    public string Source => "Microsoft Entra ID (Fleet:Scoring:Auth)";

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        var credential = _credential ??= create();
        return (await credential.GetTokenAsync(_request, cancellationToken)).Token;
    }

    public async ValueTask<string?> ReplaceAsync(string refused, CancellationToken cancellationToken)
    {
        var token = await GetAsync(cancellationToken);
        if (token != refused)
        {
            return token;
        }

        // A new one has no old token; also the file of its secret is read again.
        _credential = create();
        token = await GetAsync(cancellationToken);
        return token == refused ? null : token;
    }
}
