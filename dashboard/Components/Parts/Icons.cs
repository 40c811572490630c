namespace Fleet.Dashboard.Components.Parts;

/// <summary>The drawings of the icons, on a field of 24 by 24, as lines of 1.75.</summary>
internal static class Icons
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["overview"] = """<path d="M4 13v6a1 1 0 0 0 1 1h3v-7H4ZM10 20h4V4h-4ZM16 20h3a1 1 0 0 0 1-1V9h-4Z" />""",
        ["live"] = """<circle cx="12" cy="12" r="2.25" /><path d="M7.8 16.2a6 6 0 0 1 0-8.4M16.2 7.8a6 6 0 0 1 0 8.4M4.9 19.1a10 10 0 0 1 0-14.2M19.1 4.9a10 10 0 0 1 0 14.2" />""",
        ["history"] = """<path d="M4 5v4.5h4.5M4.4 9.5A8 8 0 1 1 4 12M12 8v4.5l3 2" />""",
        ["search"] = """<circle cx="11" cy="11" r="6.5" /><path d="m16 16 4 4" />""",
        ["sun"] = """<circle cx="12" cy="12" r="4" /><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1" />""",
        ["moon"] = """<path d="M20 14.2A8.2 8.2 0 0 1 9.8 4 8.2 8.2 0 1 0 20 14.2Z" />""",
        ["monitor"] = """<rect x="3.5" y="5" width="17" height="11.5" rx="2" /><path d="M9 20h6M12 16.5V20" />""",
        ["sign-out"] = """<path d="M14 4.5H7a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h7M11 12h9M16.5 8.5 20 12l-3.5 3.5" />""",
        ["device"] = """<rect x="5" y="3.5" width="14" height="17" rx="2.5" /><path d="M9.5 8h5M9.5 11h5" /><circle cx="12" cy="16" r="1.25" />""",
        ["check"] = """<path d="m5 12.5 4.5 4.5L19 7.5" />""",
        ["clock"] = """<circle cx="12" cy="12" r="8" /><path d="M12 7.5V12l3 2" />""",
        ["silence"] = """<path d="M5 12h.01M9.66 12h.01M14.33 12h.01M19 12h.01" stroke-width="2.5" />""",
        ["alert"] = """<path d="M12 4.5 3.5 19h17ZM12 10v4M12 16.6v.01" />""",
        ["lost"] = """<circle cx="12" cy="12" r="8" /><path d="m6.5 17.5 11-11" />""",
        ["play"] = """<path d="M8 5.5v13l10.5-6.5Z" fill="currentColor" />""",
        ["close"] = """<path d="m6.5 6.5 11 11M17.5 6.5l-11 11" />""",
        ["chevron-left"] = """<path d="m14.5 6-6 6 6 6" />""",
        ["chevron-right"] = """<path d="m9.5 6 6 6-6 6" />""",
        ["chevron-down"] = """<path d="m6 9.5 6 6 6-6" />""",
        ["download"] = """<path d="M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14" />""",
        ["database"] = """<ellipse cx="12" cy="6" rx="7" ry="2.75" /><path d="M5 6v12c0 1.5 3.1 2.75 7 2.75s7-1.25 7-2.75V6M5 12c0 1.5 3.1 2.75 7 2.75s7-1.25 7-2.75" />""",
        ["plug"] = """<path d="M9 3.5V8M15 3.5V8M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0ZM12 17v3.5" />""",
        ["compass"] = """<circle cx="12" cy="12" r="8.5" /><path d="m15.5 8.5-2 5-5 2 2-5Z" />""",
        ["microphone"] = """<rect x="9" y="3.5" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v2.5" />""",
        ["filter"] = """<path d="M4 6h16M7 12h10M10 18h4" />""",
        ["refresh"] = """<path d="M20 5v4.5h-4.5M19.6 9.5A8 8 0 1 0 20 12" />""",
        ["arrow-right"] = """<path d="M5 12h14M13.5 6.5 19 12l-5.5 5.5" />""",
        ["pause"] = """<path d="M7.5 6v12M16.5 6v12" stroke-width="3.5" />""",
        ["offline"] = """<path d="M4 4l16 16M8.4 11.2a6 6 0 0 0-1.2.9M5 8.6A12 12 0 0 1 7.4 7M11 5.6A12 12 0 0 1 19 8.6M14 9.9a6 6 0 0 1 2.8 2.2M12 16.5v.01" />""",
        ["lock"] = """<rect x="5.5" y="10.5" width="13" height="9" rx="2" /><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" />""",
        ["palette"] = """<path d="M12 3.5a8.5 8.5 0 1 0 0 17c1.2 0 1.8-.8 1.8-1.7 0-1.2-1-1.5-1-2.5 0-.8.7-1.3 1.5-1.3h2.2a4 4 0 0 0 4-4c0-4.2-3.8-7.5-8.5-7.5ZM7.5 12h.01M9.8 8h.01M14.5 8h.01" />""",
    };
}
