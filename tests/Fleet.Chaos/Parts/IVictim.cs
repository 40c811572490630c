namespace Fleet.Chaos.Parts;

/// <summary>A part that runs as processes and comes back after whatever is done to it.</summary>
internal interface IVictim
{
    string Name { get; }

    /// <summary>kill -9; back after <paramref name="away"/>. False when it was not running: the fault hit nothing.</summary>
    Task<bool> KillAsync(TimeSpan away, CancellationToken cancellationToken);

    /// <summary>SIGSTOP; false when it was not running.</summary>
    bool Freeze();

    /// <summary>SIGCONT.</summary>
    void Thaw();
}
