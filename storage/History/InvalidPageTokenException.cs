namespace Fleet.Storage;

/// <summary>A page token is not one that this query gave out.</summary>
public sealed class InvalidPageTokenException(string message) : ArgumentException(message);
