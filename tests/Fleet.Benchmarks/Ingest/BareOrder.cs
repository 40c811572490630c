namespace Fleet.Benchmarks.Ingest;

/// <summary>What the bare loop is to do; one line of JSON. It ends after so many transactions or so long, whichever comes first.</summary>
internal sealed record BareOrder(string ConnectionString, int AudioBytes, int GroupRows, int Milliseconds, int Transactions = int.MaxValue);
