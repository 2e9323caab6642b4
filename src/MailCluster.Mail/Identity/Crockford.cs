using System.Buffers.Binary;

namespace MailCluster.Mail.Identity;

/// <summary>
/// Crockford's base 32 for identities: no letter that reads as a digit, sorts like the number it stands for, safe in
/// a reply line, a file name and a URL.
/// </summary>
internal static class Crockford
{
    public const int LengthOf64Bits = 13;
    public const int LengthOf128Bits = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsPerDigit = 5;

    public static string Write(UInt128 value, int length) =>
        string.Create(length, value, static (digits, rest) =>
        {
            for (var i = digits.Length - 1; i >= 0; i--)
            {
                digits[i] = Alphabet[(int)(uint)(rest & 31)];
                rest >>= BitsPerDigit;
            }
        });

    public static bool TryRead(ReadOnlySpan<char> text, int length, out UInt128 value)
    {
        value = UInt128.Zero;
        if (text.Length != length)
        {
            return false;
        }

        foreach (var letter in text)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            // The digits hold up to four bits more than the number: those must be zero, or two texts would name one id.
            if (digit < 0 || value > (UInt128.MaxValue >> BitsPerDigit))
            {
                return false;
            }

            value = (value << BitsPerDigit) | (uint)digit;
        }

        return true;
    }

    public static void WriteBytes(UInt128 value, Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, value);

    public static UInt128 ReadBytes(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);
}
