using System.Text.Json;
using Fleet.Testing;
using Microsoft.Playwright;

namespace Fleet.BrowserTests.Accessibility;

/// <summary>Asks axe-core what is wrong with a page as it stands.</summary>
internal static class Axe
{
    // Best practices too: a page that is only just not wrong is not what one wants to use.
    private const string Run = """
        onlyColours => axe.run(document, {
          resultTypes: ['violations'],
          runOnly: onlyColours ? ['color-contrast', 'link-in-text-block'] : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        })
          .then(results => results.violations.flatMap(rule => rule.nodes.map(node =>
            [rule.id, rule.impact, node.target.flat().join(' '), node.any.concat(node.all, node.none).map(check => check.message).join('; ') || rule.help])))
        """;

    private static readonly Lazy<string> _source = new(() => File.ReadAllText(Path.Combine(RepositoryPaths.NodeModules, "axe-core", "axe.min.js")));

    /// <summary>Findings as lines: where, rule, weight, selector, what is wrong.</summary>
    /// <param name="page">The page as it stands.</param>
    /// <param name="where">What the findings are to call it.</param>
    /// <param name="onlyColours">True: everything else has been looked at, and only the colours are others.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(IPage page, string where, bool onlyColours)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            // Through the debugger, not as a script of the page: its content security policy stays as it is.
            await page.EvaluateAsync(_source.Value);
        }

        var findings = await page.EvaluateAsync<JsonElement>(Run, onlyColours);
        return [.. findings.EnumerateArray().Select(finding => $"{where}: {finding[0]} ({finding[1]}) at {finding[2]}: {finding[3]}")];
    }
}
