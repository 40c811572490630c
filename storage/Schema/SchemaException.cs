namespace Fleet.Storage;

/// <summary>Program and schema do not fit together; the message says what to do.</summary>
public sealed class SchemaException(string message) : Exception(message);
