namespace Fleet.Storage;

/// <summary>How the schema of the database and this program fit together.</summary>
public enum SchemaState
{
    /// <summary>It is the schema that this program knows.</summary>
    Ready,

    /// <summary>There is no schema yet, or an older one: a silo migrates it when it starts.</summary>
    Outdated,

    /// <summary>The schema is newer than this program: the program must be brought up to date.</summary>
    TooNew,
}
