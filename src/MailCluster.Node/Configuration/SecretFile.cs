namespace MailCluster.Node.Configuration;

/// <summary>
/// Files that hold one secret. Settings name the file, so that no secret stands in settings, or is printed with them.
/// </summary>
internal static class SecretFile
{
    /// <summary>Its text without the line end.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or is empty.</exception>
    public static string Read(string path)
    {
        try
        {
            var secret = File.ReadAllText(path).TrimEnd('\r', '\n');
            return secret.Length > 0
                ? secret
                : throw new ConfigurationException($"{path}: a file with a password in it, not an empty one");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: a file that can be read: {failed.Message}");
        }
    }

    /// <summary>Makes a file that only this user can read; whoever else may look has no moment to.</summary>
    /// <exception cref="IOException">It exists already, or cannot be made.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
