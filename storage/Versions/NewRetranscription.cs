namespace Fleet.Storage;

/// <summary>A run that is to be started.</summary>
/// <param name="RunId">Made by who asks: asking again with the same one starts nothing more.</param>
/// <param name="Deployment">Which deployment is to recognise.</param>
/// <param name="Filter">What.</param>
/// <param name="RequestedBy">Who asks, for people.</param>
public sealed record NewRetranscription(Guid RunId, string Deployment, RetranscriptionFilter Filter, string RequestedBy);
