using System.Buffers;
using System.IO.Pipelines;
using CimHost.ObjectManager.Dispatch;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace CimHost.Endpoints.Files;

/// <summary>
/// PUT of a file. Whole, or in parts with Content-Range (RFC 9110 §14.5): each part goes on where the one before ended, an answer 202 with
/// <c>Range: bytes=0-n</c> tells how far it is, <c>Content-Range: bytes */total</c> asks for that. The last part puts the file in place.
/// </summary>
internal sealed class FileUpload(IRemoteFiles files, HttpContext context, CimCaller caller, RemotePath path)
{
    /// <summary>Carries the request out.</summary>
    public async Task RunAsync()
    {
        if (path.Segments.Count == 0)
        {
            throw new RemoteFileException(StatusCodes.Status409Conflict, "A directory cannot be replaced by a file; name a file below it.");
        }

        ContentRangeHeaderValue? range = ReadRange();
        RemoteFile? old = await files.FindAsync(caller, path, context.RequestAborted);
        FileEndpoint.DemandConditions(context.Request, old);

        // Nothing is kept in memory: how much may come is for the file system to say.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        await using IRemoteUpload upload = await files.UploadAsync(caller, path, range?.Length, context.RequestAborted);
        if (range is { HasRange: true } && range.From != upload.Received)
        {
            TellProgress(upload);
            throw new RemoteFileException(StatusCodes.Status409Conflict, $"This part begins at byte {range.From}, but {upload.Received} bytes were received; go on there.");
        }

        if (range is not { HasRange: false })
        {
            await ReceiveAsync(upload, range);
        }

        if (range is not null && upload.Received < range.Length)
        {
            TellProgress(upload);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        bool created = await upload.CompleteAsync(context.RequestAborted);
        context.Response.StatusCode = created ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
        if (await files.FindAsync(caller, path, context.RequestAborted) is { } written)
        {
            context.Response.GetTypedHeaders().ETag = FileEndpoint.Tag(written);
        }
    }

    private ContentRangeHeaderValue? ReadRange()
    {
        string text = context.Request.Headers.ContentRange.ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return ContentRangeHeaderValue.TryParse(text, out ContentRangeHeaderValue? range) && range.Unit == "bytes" && range.HasLength
            ? range
            : throw new RemoteFileException(StatusCodes.Status400BadRequest, $"Content-Range '{text}' is not understood; expected bytes FIRST-LAST/TOTAL, or bytes */TOTAL to ask how far it is.");
    }

    private async Task ReceiveAsync(IRemoteUpload upload, ContentRangeHeaderValue? range)
    {
        long end = range is null ? long.MaxValue : range.To!.Value + 1;
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await body.ReadAsync(context.RequestAborted);
            }
            catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
            {
                throw new RemoteFileException(e.StatusCode, e.Message);
            }

            try
            {
                await WriteAsync(upload, read.Buffer, end);
            }
            finally
            {
                // Also when it is refused: the server still has to read past the rest.
                body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                break;
            }
        }

        if (range is not null && upload.Received != end)
        {
            TellProgress(upload);
            throw new RemoteFileException(StatusCodes.Status400BadRequest, $"The body has fewer bytes than its Content-Range says; {upload.Received} bytes are there.");
        }
    }

    private async Task WriteAsync(IRemoteUpload upload, ReadOnlySequence<byte> received, long end)
    {
        foreach (ReadOnlyMemory<byte> bytes in received)
        {
            if (bytes.Length > end - upload.Received)
            {
                throw new RemoteFileException(StatusCodes.Status400BadRequest, "The body has more bytes than its Content-Range says.");
            }

            await upload.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private void TellProgress(IRemoteUpload upload)
    {
        if (upload.Received > 0)
        {
            context.Response.Headers.Range = $"bytes=0-{upload.Received - 1}";
        }
    }
}
