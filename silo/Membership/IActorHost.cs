namespace Fleet.Silo.Membership;

/// <summary>What runs the device actors of this silo, seen by those who start and stop the silo.</summary>
internal interface IActorHost
{
    /// <summary>True: no other silo may run on the database.</summary>
    bool IsAlone { get; }

    /// <summary>Null when actors can be called, else why not.</summary>
    string? NotReadyBecause { get; }

    /// <summary>Lets actors be called; the database is migrated. May be called again, also after a failure.</summary>
    /// <exception cref="ActorHostException">It could not start.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Runs what was begun, then no more. Nobody calls a device any more.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
