namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>Between these the true value lies, with 95 % confidence.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
internal readonly record struct Interval(double Low, double High)
{
    private const double Tail = 0.025;

    /// <summary>Clopper and Pearson's: of a share, from so many hits of so many trials. Never too narrow.</summary>
    public static Interval OfShare(int hits, int trials)
    {
        if (trials == 0)
        {
            return new Interval(0, 1);
        }

        var low = hits == 0 ? 0 : Solve(p => 1 - BinomialUpTo(hits - 1, trials, p) - Tail, 0, 1);
        var high = hits == trials ? 1 : Solve(p => Tail - BinomialUpTo(hits, trials, p), 0, 1);
        return new Interval(low, high);
    }

    /// <summary>The exact one of a rate, from so many events in so many hours.</summary>
    public static Interval OfRate(int events, double hours)
    {
        if (hours <= 0)
        {
            return new Interval(0, double.PositiveInfinity);
        }

        // Far beyond any end: five deviations and the few events for which that is too little.
        var most = events + (6 * Math.Sqrt(events + 1)) + 10;
        var low = events == 0 ? 0 : Solve(mean => 1 - PoissonUpTo(events - 1, mean) - Tail, 0, most);
        var high = Solve(mean => Tail - PoissonUpTo(events, mean), 0, most);
        return new Interval(low / hours, high / hours);
    }

    private static double BinomialUpTo(int hits, int trials, double p)
    {
        if (p <= 0)
        {
            return 1;
        }

        if (p >= 1)
        {
            return hits >= trials ? 1 : 0;
        }

        // Each term from the one before, in logarithms: none underflows to the end.
        var (sum, log) = (0.0, trials * Math.Log(1 - p));
        for (var i = 0; i <= hits; i++)
        {
            sum += Math.Exp(log);
            log += Math.Log((double)(trials - i) / (i + 1)) + Math.Log(p / (1 - p));
        }

        return Math.Min(1, sum);
    }

    private static double PoissonUpTo(int events, double mean)
    {
        if (mean <= 0)
        {
            return 1;
        }

        var (sum, log) = (0.0, -mean);
        for (var i = 0; i <= events; i++)
        {
            sum += Math.Exp(log);
            log += Math.Log(mean / (i + 1));
        }

        return Math.Min(1, sum);
    }

    // Where a function that rises from below 0 to above it is 0.
    private static double Solve(Func<double, double> function, double low, double high)
    {
        for (var i = 0; i < 80; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = function(middle) < 0 ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
