using System.Diagnostics;

namespace Fleet.IntegrationTests.Agent.BadInput;

/// <summary>A file system of 1 MiB in memory, which can be filled to its last byte.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> _whyNot = new(TryOnce);

    private SmallDisk(string path)
    {
        Path = path;
    }

    public string Path { get; }

    /// <summary>Null where a test may mount, else why not.</summary>
    public static string? WhyNot => _whyNot.Value;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    public static SmallDisk Mount()
    {
        var path = Directory.CreateTempSubdirectory("fleet-small-disk-").FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "fleet-small-disk", path);
        return new SmallDisk(path);
    }

    /// <summary>Takes all space but for so many bytes, beside what was taken before.</summary>
    public void Fill(int butBytes = 0)
    {
        using var filler = File.OpenHandle(Filler, FileMode.OpenOrCreate, FileAccess.Write);
        var length = RandomAccess.GetLength(filler);
        var free = new DriveInfo(Path).AvailableFreeSpace - butBytes;
        RandomAccess.Write(filler, new byte[Math.Max(0, free)], length);
        if (butBytes == 0)
        {
            new DriveInfo(Path).AvailableFreeSpace.ShouldBe(0);
        }
    }

    public void Free() => File.Delete(Filler);

    public void Remount(string option) => Run("mount", "-o", $"remount,{option}", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static string? TryOnce()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "tmpfs is Linux's.";
        }

        try
        {
            using var disk = Mount();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
        {
            return $"This user may not mount a tmpfs: {exception.Message}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said.Trim()}");
        }
    }
}
