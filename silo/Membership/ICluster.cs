namespace Fleet.Silo.Membership;

/// <summary>The silos that answer; one when it runs alone.</summary>
internal interface ICluster
{
    /// <summary>What each says of itself; who does not answer is left out.</summary>
    ValueTask<IReadOnlyList<SiloReport>> ListAsync();

    /// <summary>A silo sends its devices elsewhere and takes no more, or takes them again. False: no silo of this name answers.</summary>
    ValueTask<bool> DrainAsync(string name, bool isDrained);
}
