using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Dashboard.BadInput;

/// <summary>Addresses and forms that nobody clicked together: a page that says it, never 500.</summary>
public sealed class DashboardRequestTests(SignedInDashboard dashboard) : IClassFixture<SignedInDashboard>
{
    private const int Ok = 200;
    private const int Moved = 302;
    private const int NotFound = 404;

    // What is asked for, the statuses that make sense, and a piece of the answer.
    private static readonly (string Path, int[] Statuses, string? Text)[] _rows =
    [
        ("/history?page=-1", [Moved], null),
        ("/history?page=" + new string('A', 4_000), [Moved], null),
        ("/history?from=garbage&to=%00", [Ok], "turn on the light"),
        ("/history?from=9999-12-31T23:59:59Z&to=0001-01-01", [Ok], "No utterance"),
        ("/history?from=0001-01-01&to=9999-12-31", [Ok], "turn on the light"),
        ("/history?device=%3Cscript%3Ealert(1)%3C/script%3E", [Ok], "&lt;script&gt;alert(1)"),
        ("/history?device='%20OR%201=1--&status=nonsense", [Ok], "No utterance"),
        ("/history?q=a%00b", [Ok], "No utterance"),
        ("/history?q=%26%20%7C%20!(%20%3C-%3E%20%22", [Ok], "No utterance"),
        ("/history?q=" + new string('x', 7_000), [Ok], "No utterance"),
        ("/history?q=%ED%A0%80%FF", [Ok], "No utterance"),
        ("/history?trail=" + string.Concat(Enumerable.Repeat("~x", 2_000)), [Ok], "turn on the light"),
        ("/history?q=" + new string('x', 100_000), [414], null),
        ("/history/export.csv?from=garbage&page=-1&q=a%00b", [Ok], "device"),
        ("/history/pi/not-a-uuid", [NotFound], "does not exist"),
        ("/history/pi/00000000-0000-0000-0000-000000000000", [NotFound], null),
        ("/history/%00/00000000-0000-7000-8000-000000000000", [400, NotFound], null),
        ("/audio/..%2F..%2Fetc%2Fpasswd/00000000-0000-7000-8000-000000000000.wav", [NotFound], null),
        ("/audio/../../../etc/passwd", [NotFound], null),
        ("/audio/pi/passwd.wav", [NotFound], null),
        ("/error/abc", [NotFound], null),
        ("/error/99999999999999999999", [NotFound], null),
        ("/%zz", [400, NotFound], null),
    ];

    [PostgresFact]
    public async Task Address_Odd_GetsAPageThatSaysItNever500()
    {
        foreach (var (path, statuses, text) in _rows)
        {
            // Uri would tidy it up.
            var (status, body) = await GetRawAsync(path);

            statuses.ShouldContain(status, $"{path[..Math.Min(path.Length, 80)]}\n{body[..Math.Min(body.Length, 2_000)]}");
            if (text is not null)
            {
                body.ShouldContain(text, Case.Sensitive, path[..Math.Min(path.Length, 80)]);
            }

            body.ShouldNotContain("<script>alert");
        }

        dashboard.Complaints.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Audio_OfTheUtterance_IsThereBesideAllThat()
    {
        using var response = await dashboard.Client.GetAsync($"/audio/pi/{dashboard.UtteranceId}.wav");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [PostgresFact]
    public async Task Host_OfAnother_IsNotRepeatedInTheRedirect()
    {
        using var client = NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/history?q=x") { Headers = { Host = "evil.example", Accept = { new("text/html") } } };

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location.ShouldNotBeNull().OriginalString.ShouldStartWith("/sign-in?returnUrl=");
    }

    [PostgresFact]
    public async Task Form_WithoutItsToken_IsNotTaken()
    {
        using var client = NewClient();
        using var signIn = await client.PostAsync("/sign-in", new FormUrlEncodedContent([new("_handler", "sign-in"), new("Input.Password", "guess")]));
        using var signOut = await dashboard.Client.PostAsync("/sign-out", new FormUrlEncodedContent([]));
        using var stillIn = await dashboard.Client.GetAsync("/history");

        // A fresh form, since the old one's token may only be too old.
        signIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        signIn.Headers.Location.ShouldNotBeNull().OriginalString.ShouldBe("/sign-in");
        signOut.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        stillIn.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [PostgresFact]
    public async Task Form_Oversize_IsRefusedWithoutBeingRead()
    {
        using var client = NewClient();

        using var response = await client.PostAsync("/sign-in", new FormUrlEncodedContent([new("Input.Password", new string('x', 1_000_000))]));

        // As with every form that cannot be read: a fresh one.
        ((int)response.StatusCode is Moved or 400 or 413).ShouldBeTrue(response.StatusCode.ToString());
        dashboard.Complaints.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task SignIn_Flood_IsSlowedDownAndWhoIsInStaysIn()
    {
        using var client = NewClient();
        var statuses = new List<int>();
        string last = "";
        for (var i = 0; i < 12; i++)
        {
            using var response = await SignedInDashboard.SignInAsync(client, $"guess {i}");
            statuses.Add((int)response.StatusCode);
            last = await response.Content.ReadAsStringAsync();
        }

        statuses.Count(status => status == 401).ShouldBeInRange(1, 5);
        statuses[^1].ShouldBe(429);
        last.ShouldContain("Too many attempts. Try again in ");
        using var page = await dashboard.Client.GetAsync("/history");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = dashboard.Address };

    /// <summary>As the signed-in person, with the path as it is written.</summary>
    private async Task<(int Status, string Body)> GetRawAsync(string path)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(dashboard.Address.Host, dashboard.Address.Port);
        await using var stream = new NetworkStream(socket);
        var cookies = dashboard.Cookies;
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: {dashboard.Address.Authority}\r\nAccept: text/html\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n"));
        }
        catch (IOException)
        {
            // Refused before all of it was read.
        }

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return (int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), System.Globalization.CultureInfo.InvariantCulture), answer);
    }
}
