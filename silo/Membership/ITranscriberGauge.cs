namespace Fleet.Silo.Membership;

/// <summary>How the transcriber of this silo is, for those who show its load.</summary>
internal interface ITranscriberGauge
{
    TranscriberLoad Read();
}
