namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>A speech synthesiser of the system.</summary>
internal interface IVoiceEngine
{
    /// <summary>What to install when it is missing.</summary>
    string Packages { get; }

    /// <summary>Its voices here; none when it is not installed.</summary>
    Task<IReadOnlyList<Voice>> FindVoicesAsync(CancellationToken cancellationToken);

    /// <summary>Says the texts, one WAV file each, at the paths given; a file that fails is not there afterwards.</summary>
    Task SpeakAsync(IReadOnlyList<(SpokenText Text, string Path)> texts, CancellationToken cancellationToken);
}
