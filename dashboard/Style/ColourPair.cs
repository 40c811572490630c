namespace Fleet.Dashboard.Style;

/// <summary>A colour, what it stands on, and how well it must be seen there.</summary>
internal sealed record ColourPair(string Colour, string Ground, double Least)
{
    /// <summary>Every pair that the pages use. A new one is added here, and the test of this list says whether it may be used.</summary>
    public static IReadOnlyList<ColourPair> All { get; } =
    [
        .. Each(["text", "text-2", "text-3"], ["ground", "sidebar", "surface", "surface-2", "hover"], Contrast.Text),
        .. Each(["text-2"], ["quiet-soft", "wait-soft"], Contrast.Text),
        .. Each(["text"], ["quiet-soft", "wait-soft", "bad-soft", "accent-soft"], Contrast.Text),
        .. Each(["accent"], ["ground", "surface", "surface-2", "accent-soft"], Contrast.Text),
        .. Each(["on-accent"], ["accent", "accent-strong"], Contrast.Text),
        .. Each(["good"], ["good-soft", "surface", "ground"], Contrast.Text),
        .. Each(["wait"], ["wait-soft", "surface", "ground"], Contrast.Text),
        .. Each(["bad"], ["bad-soft", "surface", "ground"], Contrast.Text),
        .. Each(["gone"], ["gone-soft", "surface", "ground"], Contrast.Text),
        .. Each(["quiet"], ["quiet-soft", "surface"], Contrast.Text),
        .. Each(["on-mark"], ["mark"], Contrast.Text),
        .. Each(["ground"], ["text"], Contrast.Text),
        .. Each(["control"], ["surface", "ground"], Contrast.Shape),
        .. Each(["live", "bar", "bar-now"], ["surface"], Contrast.Shape),
        .. Each(["hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7"], ["surface"], Contrast.Shape),
    ];

    private static IEnumerable<ColourPair> Each(string[] colours, string[] grounds, double least) =>
        from colour in colours from ground in grounds select new ColourPair(colour, ground, least);
}
