namespace Fleet.Audio.Keywords;

/// <summary>A runner that is being started beside the sound, which does not wait. Thread safe.</summary>
internal sealed class EimStart : IDisposable
{
    private readonly Lock _lock = new();
    private EimRunner? _runner; // guarded by _lock
    private bool _isDisposed; // guarded by _lock
    private volatile bool _isOver;
    private volatile string _fault = "";

    public EimStart(EimKeywordModel model) => _ = Task.Run(() => Run(model));

    public bool IsOver => _isOver;

    /// <summary>Why there is none.</summary>
    public string Fault => _fault;

    /// <summary>The runner, which is the caller's now; null = it could not be started.</summary>
    public EimRunner? Take()
    {
        lock (_lock)
        {
            var runner = _runner;
            _runner = null;
            return runner;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _runner?.Dispose();
            _runner = null;
        }
    }

    private void Run(EimKeywordModel model)
    {
        try
        {
            var runner = model.StartRunner();
            lock (_lock)
            {
                if (_isDisposed)
                {
                    runner.Dispose();
                }
                else
                {
                    _runner = runner;
                }
            }
        }
        catch (Exception ex) when (ex is KeywordModelException or IOException or UnauthorizedAccessException)
        {
            _fault = ex.Message;
        }

        _isOver = true;
    }
}
