using System.Globalization;

namespace MailCluster.Benchmarks.Imap;

/// <summary>A whole configuration of Dovecot 2.3, which reads nothing of the machine's own.</summary>
internal static class DovecotConfiguration
{
    public static string Write(string folder, int port, DovecotSetup setup) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        base_dir = {{folder}}/run
        state_dir = {{folder}}/state
        log_path = {{folder}}/dovecot.log
        instance_name = mailcluster-benchmark
        protocols = imap
        listen = 127.0.0.1
        ssl = no
        disable_plaintext_auth = no
        default_client_limit = 19000
        default_vsz_limit = 0
        mail_location = mdbox:~/mdbox
        mail_max_userip_connections = 100000
        first_valid_uid = 1
        auth_verbose = no
        {{(setup == DovecotSetup.ManyHibernating ? "imap_hibernate_timeout = 1s" : "")}}
        namespace inbox {
          inbox = yes
        }
        passdb {
          driver = passwd-file
          args = {{folder}}/users
        }
        userdb {
          driver = passwd-file
          args = {{folder}}/users
        }
        service imap-login {
          service_count = 0
          process_min_avail = {{Environment.ProcessorCount}}
          process_limit = {{Environment.ProcessorCount}}
          inet_listener imap {
            address = 127.0.0.1
            port = {{port}}
          }
          inet_listener imaps {
            port = 0
          }
        }
        service imap {
          service_count = {{(setup == DovecotSetup.ManyLogins ? 256 : 1)}}
          process_limit = 12000
          process_min_avail = {{Environment.ProcessorCount}}
          extra_groups = $default_internal_group
          unix_listener imap-master {
            user = $default_internal_user
          }
        }
        service imap-hibernate {
          unix_listener imap-hibernate {
            mode = 0660
            group = $default_internal_group
          }
        }

        """);
}
