namespace CimHost.ObjectManager.Tests;

/// <summary>Expectations on errors.</summary>
internal static class Expect
{
    /// <summary>The operation fails with this status, and the message holds these words.</summary>
    public static async Task<CimException> StatusAsync(CimStatusCode status, Func<Task> operation, params string[] words)
    {
        CimException error = await Assert.ThrowsAsync<CimException>(operation);
        Assert.Equal(status, error.Status);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        return error;
    }

    /// <summary>Reads everything up to an error; the error is null when there was none.</summary>
    public static async Task<(List<T> Items, CimException? Error)> ReadAsync<T>(IAsyncEnumerable<T> source)
    {
        var items = new List<T>();
        try
        {
            await foreach (T item in source)
            {
                items.Add(item);
            }

            return (items, null);
        }
        catch (CimException e)
        {
            return (items, e);
        }
    }

    /// <summary>Waits until a condition holds that another thread brings about; fails after half a minute.</summary>
    public static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Not within half a minute: {what}");
            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
