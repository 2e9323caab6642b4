using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>
/// Parameters that come in pieces (RFC 2231 §3, §4.1) made whole, as RFC 9051 §7.5.2 wants them: <c>name*0</c> and
/// <c>name*1</c> become <c>name</c>; where a piece is encoded, <c>name*0*</c>, they become <c>name*</c> in UTF-8.
/// </summary>
public static class ContinuedParameters
{
    /// <summary>More pieces than any sender makes.</summary>
    private const int MostPieces = 1_000;

    public static ImmutableArray<MimeParameter> Join(ImmutableArray<MimeParameter> parameters)
    {
        if (!parameters.Any(parameter => parameter.Name.Contains('*', StringComparison.Ordinal)))
        {
            return parameters;
        }

        var joined = ImmutableArray.CreateBuilder<MimeParameter>(parameters.Length);
        var done = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in parameters)
        {
            if (!TryPiece(parameter.Name, out var name, out _, out _) || Find(parameters, name, 0) is null)
            {
                joined.Add(parameter);
            }
            else if (done.Add(name))
            {
                joined.Add(Whole(parameters, name));
            }
        }

        return joined.ToImmutable();
    }

    private static MimeParameter Whole(ImmutableArray<MimeParameter> parameters, string name)
    {
        var octets = new List<byte>();
        var charset = Encoding.UTF8;
        var encoded = false;
        for (var i = 0; i < MostPieces && Find(parameters, name, i) is var (value, isEncoded); i++)
        {
            if (i == 0 && isEncoded && value.Split('\'', 3) is [var charsetName, _, var rest])
            {
                charset = CharsetOf(charsetName);
                value = rest;
            }

            encoded |= isEncoded;
            octets.AddRange(isEncoded ? Decoded(value) : charset.GetBytes(value));
        }

        return new MimeParameter(encoded ? name + "*" : name, charset.GetString([.. octets]));
    }

    private static (string Value, bool IsEncoded)? Find(ImmutableArray<MimeParameter> parameters, string name, int number)
    {
        foreach (var parameter in parameters)
        {
            if (TryPiece(parameter.Name, out var other, out var at, out var isEncoded) && at == number
                && other.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return (parameter.Value, isEncoded);
            }
        }

        return null;
    }

    /// <summary><c>name*2</c>, <c>name*2*</c>; a <c>name*</c> alone is whole already.</summary>
    private static bool TryPiece(string text, out string name, out int number, out bool isEncoded)
    {
        isEncoded = text.EndsWith('*');
        var end = isEncoded ? text.Length - 1 : text.Length;
        var star = text.IndexOf('*', StringComparison.Ordinal);
        name = star > 0 ? text[..star] : "";
        number = -1;
        return star > 0 && star < end
            && int.TryParse(text.AsSpan(star + 1, end - star - 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static IEnumerable<byte> Decoded(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length
                && byte.TryParse(value.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var octet))
            {
                yield return octet;
                i += 2;
            }
            else
            {
                yield return (byte)value[i];
            }
        }
    }

    private static Encoding CharsetOf(string name)
    {
        try
        {
            return name.Length == 0
                ? Encoding.UTF8
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8; // so is read what nobody knows
        }
    }
}
