using System.Net.Http.Headers;

namespace CimHost.Alerts.Receivers;

/// <summary>Posts each event as JSON. Any 2xx answer means that the receiver has it.</summary>
internal sealed class WebhookReceiver(Uri address, string? token, HttpMessageHandler handler) : IAlertReceiver, IDisposable
{
    private readonly HttpClient _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 64 * 1024 };

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <inheritdoc/>
    public async Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(AlertTextForms.Json(alertEvent));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };

        // A receiver that has it already can know by this.
        request.Headers.Add("Idempotency-Key", alertEvent.Identity);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new IOException($"the webhook answered {(int)response.StatusCode} {response.ReasonPhrase}");
            }
        }
        catch (HttpRequestException e)
        {
            throw new IOException(e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message, e);
        }
    }
}
