using Microsoft.Playwright;

namespace Fleet.BrowserTests.Accessibility;

/// <summary>Hands on the keyboard, away from the mouse.</summary>
internal static class Keys
{
    private const int MostSteps = 120;

    // The ring of :focus-visible: its outer edge is 4 px from the element, or from the chip that holds an invisible box.
    private const string IsFocusSeen = """
        () => {
          const element = document.activeElement;
          if (element === document.body || element.tagName === 'MAIN') return true;
          return [element, element.closest('.chip')].some(shown => shown && getComputedStyle(shown).boxShadow.includes('0px 0px 0px 4px'));
        }
        """;

    /// <summary>Presses Tab until the element has the focus; at every stop on the way one must see where one is.</summary>
    public static async Task TabToAsync(this IPage page, ILocator goal, bool backwards = false)
    {
        // A page has its title before it has its styles.
        await page.WaitForLoadStateAsync();
        for (var step = 0; step < MostSteps; step++)
        {
            await page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
            (await page.EvaluateAsync<bool>(IsFocusSeen)).ShouldBeTrue($"The focus is not seen at {await FocusedAsync(page)}.");
            if (await goal.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"{MostSteps} presses of Tab do not lead to {goal}; the focus is at {await FocusedAsync(page)}.");
    }

    public static Task<string> FocusedAsync(this IPage page) =>
        page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 200)");
}
