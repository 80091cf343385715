using System.Text;
using CimHost.Endpoints.CimXml;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Mof;
using Microsoft.AspNetCore.Http;

namespace CimHost.Endpoints.Admin;

/// <summary>
/// Takes MOF: <c>POST /admin/mof?namespace=root/cimv2[&amp;check=true]</c> with a zip of MOF files. All of it is compiled and stored in one
/// transaction, or nothing is. Answers in plain text: 200 with a summary, 422 with the diagnostics.
/// </summary>
/// <param name="current">The object manager that runs; null while none does.</param>
public sealed class MofEndpoint(Func<CimObjectManager?> current) : IAdminRoute
{
    /// <summary>Path of the endpoint.</summary>
    public const string Path = "/admin/mof";

    /// <summary>Largest upload, in bytes.</summary>
    public const int MaxUploadBytes = 64 * 1024 * 1024;

    /// <inheritdoc/>
    public bool IsPath(PathString path) => path == Path;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, null, "MOF is sent with POST.");
            return;
        }

        string ns = context.Request.Query["namespace"].ToString();
        if (ns.Length == 0)
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status400BadRequest, null, "The query has to name the namespace: ?namespace=root/cimv2");
            return;
        }

        if (!MayChange(caller, ns))
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status403Forbidden, null, Forbidden(caller, ns));
            return;
        }

        if (current() is not { } manager)
        {
            await FrontDoor.RefuseWithoutManagerAsync(context);
            return;
        }

        (int status, string text) = await CompileAsync(manager, context, caller, ns, context.Request.Query["check"] == "true");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static async Task<(int Status, string Text)> CompileAsync(CimObjectManager manager, HttpContext context, CimCaller caller, string ns, bool checkOnly)
    {
        IReadOnlyList<MofSource> sources;
        try
        {
            using MemoryStream upload = await ReadAsync(context.Request.Body, context.RequestAborted);
            sources = MofSource.FromZip(upload, "the upload");
        }
        catch (InvalidDataException e)
        {
            return (StatusCodes.Status400BadRequest, e.Message + "\n");
        }

        if (!manager.Repository.Schema.Exists(ns))
        {
            return (StatusCodes.Status422UnprocessableEntity, $"There is no namespace {ns}; create it first, as an instance of CIM_Namespace in root/interop.\n");
        }

        try
        {
            MofCompilation compilation = await Task.Run(() => new MofInstaller(manager.Repository).Compile(sources, ns), context.RequestAborted);
            if (!compilation.Success)
            {
                return (StatusCodes.Status422UnprocessableEntity, Text(compilation));
            }

            // #pragma namespace leads into others.
            if (compilation.Namespaces.FirstOrDefault(n => !MayChange(caller, n.Name)) is { } other)
            {
                return (StatusCodes.Status403Forbidden, Forbidden(caller, other.Name) + "\n");
            }

            if (!checkOnly)
            {
                await manager.Repository.ApplyAsync(MofInstaller.Batches(compilation), null, null, context.RequestAborted);
            }

            return (StatusCodes.Status200OK, Text(compilation) + Summary(compilation, sources.Count, checkOnly));
        }
        catch (CimException e)
        {
            return (StatusCodes.Status422UnprocessableEntity, $"{e.StatusName}: {e.Message}\n");
        }
    }

    private static bool MayChange(CimCaller caller, string ns) => caller.Rights.Allows(CimAccess.Write, CimSchema.NormalizeNamespace(ns));

    private static string Forbidden(CimCaller caller, string ns) => $"User {caller.UserName} may not change the schema of namespace {ns}.";

    private static string Text(MofCompilation compilation) => string.Concat(compilation.Diagnostics.Select(d => d + "\n"));

    private static string Summary(MofCompilation compilation, int files, bool checkOnly)
    {
        var text = new StringBuilder();
        foreach (MofNamespace ns in compilation.Namespaces)
        {
            text.Append(ns.Name).Append(": ")
                .Append(ns.Classes.Count).Append(" classes, ").Append(ns.Qualifiers.Count).Append(" qualifiers, ").Append(ns.Instances.Count).Append(" instances")
                .Append(checkOnly ? " are right, nothing was stored" : " compiled").Append(" (").Append(files).Append(" files)\n");
        }

        return text.Length > 0 ? text.ToString() : $"There was nothing to compile in {files} files.\n";
    }

    private static async Task<MemoryStream> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var upload = new MemoryStream();
        byte[] buffer = new byte[81920];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (upload.Length + read > MaxUploadBytes)
            {
                throw new InvalidDataException($"The upload has more than {MaxUploadBytes} bytes.");
            }

            upload.Write(buffer, 0, read);
        }

        upload.Position = 0;
        return upload;
    }
}
