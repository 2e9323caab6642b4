namespace MailCluster.Node.Configuration;

/// <summary>The folder of databases, certificate and API token.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder where it is missing, for this user alone: mail is nobody else's business.</summary>
    /// <exception cref="ConfigurationException">It cannot be made.</exception>
    public static void Create(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly);
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw ConfigurationException.Of(
                NodeSection.DataFolderKey,
                path,
                $"a folder that can be written: {failed.Message.ReplaceLineEndings(" ")}");
        }
    }
}
