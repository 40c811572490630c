using System.Numerics;
using System.Runtime.InteropServices;

namespace Fleet.Cli.Keywords.Networks;

/// <summary>The two loops in which training spends its time, several numbers at once.</summary>
internal static class Vectors
{
    public static float Dot(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(first);
        var b = MemoryMarshal.Cast<float, Vector<float>>(second[..first.Length]);
        var (sum0, sum1) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + 1 < a.Length; i += 2)
        {
            sum0 += a[i] * b[i];
            sum1 += a[i + 1] * b[i + 1];
        }

        if (i < a.Length)
        {
            sum0 += a[i] * b[i];
        }

        var sum = Vector.Sum(sum0 + sum1);
        for (var rest = a.Length * Vector<float>.Count; rest < first.Length; rest++)
        {
            sum += first[rest] * second[rest];
        }

        return sum;
    }

    /// <summary>Adds <paramref name="values"/> times <paramref name="factor"/> to <paramref name="target"/>.</summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> values, float factor)
    {
        var t = MemoryMarshal.Cast<float, Vector<float>>(target);
        var v = MemoryMarshal.Cast<float, Vector<float>>(values[..target.Length]);
        var many = new Vector<float>(factor);
        for (var i = 0; i < t.Length; i++)
        {
            t[i] += v[i] * many;
        }

        for (var rest = t.Length * Vector<float>.Count; rest < target.Length; rest++)
        {
            target[rest] += values[rest] * factor;
        }
    }
}
