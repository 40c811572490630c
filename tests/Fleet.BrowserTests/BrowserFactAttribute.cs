using Fleet.Testing;

namespace Fleet.BrowserTests;

/// <summary>A test that needs Chromium and PostgreSQL; xunit 2 can skip only when tests are discovered.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        Skip = Chromium.SkipReason;
    }
}

/// <summary>As <see cref="BrowserFactAttribute"/>, for a test that takes long: `./fleet test --all` runs it.</summary>
public sealed class LongBrowserFactAttribute : FactAttribute
{
    public LongBrowserFactAttribute()
    {
        Skip = LongTest.SkipReason ?? Chromium.SkipReason;
    }
}
