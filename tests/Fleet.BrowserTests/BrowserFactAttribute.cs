namespace Fleet.BrowserTests;

/// <summary>A test that needs Chromium and PostgreSQL; xunit 2 can skip only when tests are discovered.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        Skip = Chromium.SkipReason;
    }
}
