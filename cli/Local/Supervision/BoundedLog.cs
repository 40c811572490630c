using System.Text;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Supervision;

/// <summary>
/// The output of one part as a file of bounded size: it starts empty with each run, and the part before (of this run or the last) is kept once,
/// as NAME.1.log.
/// </summary>
internal sealed class BoundedLog : IDisposable
{
    /// <summary>Two files of 8 MiB a part: days of normal logs, and no full disk when a part goes mad.</summary>
    internal const long DefaultMaxBytes = 8 * 1024 * 1024;

    private readonly string _path;
    private readonly long _maxBytes;
    private readonly Lock _lock = new();
    private StreamWriter? _writer;
    private long _writtenBytes;

    internal BoundedLog(string path, long maxBytes = DefaultMaxBytes)
    {
        _path = path;
        _maxBytes = maxBytes;
        _writer = OpenNew();
    }

    public void Write(string line)
    {
        lock (_lock)
        {
            if (_writer is null)
            {
                return;
            }

            var bytes = Encoding.UTF8.GetByteCount(line) + 1;
            if (_writtenBytes + bytes > _maxBytes)
            {
                _writer.Dispose();
                _writer = OpenNew();
            }

            _writtenBytes += bytes;

            try
            {
                _writer.WriteLine(line);
            }
            catch (IOException)
            {
                // A full disk must not stop the supervisor: the line is lost, the parts go on.
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private StreamWriter OpenNew()
    {
        if (File.Exists(_path))
        {
            File.Move(_path, Path.ChangeExtension(_path, ".1.log"), overwrite: true);
        }

        _writtenBytes = 0;
        return new StreamWriter(PrivateFile.Create(_path)) { AutoFlush = true };
    }
}
