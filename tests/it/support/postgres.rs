//! A `PostgreSQL` server of our own, one for all tests of a process, on loopback and on a socket in a folder of its own. A
//! shell keeps it: it stops the server and removes the folder when this process ends, however that ends.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tidings::store::postgres::PostgresStore;

use crate::support::smtp_certificate::certified;

/// Who may read what `PUBLIC` may, with a password.
pub(crate) const READER: &str = "reader";
pub(crate) const PASSWORD: &str = "s3cret-of-reader";

/// Who owns everything, over the socket.
const OWNER: &str = "owner";

/// Its arguments are the folder, the folder of `PostgreSQL`'s programs, the port, and what comes before commands that root
/// may not run. Interrupts are not for it: it ends when its input does.
const KEEPER: &str = r#"
trap '' INT TERM HUP
folder=$1 programs=$2 port=$3
shift 3
"$@" "$programs/initdb" -D "$folder/data" -U owner --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 \
    --locale=C --no-sync >"$folder/initdb" 2>&1 || { cat "$folder/initdb" >&2; rm -rf "$folder"; exit 1; }
"$@" "$programs/postgres" -D "$folder/data" -k "$folder" -p "$port" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c ssl=on -c ssl_cert_file="$folder/certificate.pem" -c ssl_key_file="$folder/key.pem" -c shared_buffers=16MB \
    </dev/null &
server=$!
# What is read of this ends with the server.
exec 2>/dev/null
read -r _
kill -INT "$server"
wait "$server"
rm -rf "$folder"
"#;

/// How often another port is tried: somebody else may take one between being chosen and being used.
const ATTEMPTS: usize = 3;

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    (0..ATTEMPTS).find_map(|_| Server::start()).expect("PostgreSQL starts; what it said is above")
});

static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database with the tables of a store, and nobody connected to it.
static TEMPLATE: LazyLock<Database> = LazyLock::new(|| {
    let database = Database::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let address = database.owners_address().parse().unwrap();
    runtime.block_on(PostgresStore::migrate(&address)).unwrap();
    database
});

/// The running server.
struct Server {
    port: u16,
    folder: PathBuf,
    authority: String,
    /// It reads its input to the end, which comes with the end of this process.
    _keeper: Mutex<Child>,
}

/// A database of one test.
pub(crate) struct Database {
    server: &'static Server,
    name: String,
}

impl Database {
    /// A new one, on the server that all tests share.
    pub(crate) fn new() -> Self {
        let server = &*SERVER;
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        execute(&server.owners("postgres"), &format!("CREATE DATABASE {name}"));
        Self { server, name }
    }

    /// One with the tables of a store: a copy of one that has them, for making them takes longer.
    pub(crate) fn of_store() -> Self {
        let template = &*TEMPLATE;
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        execute(
            &template.server.owners("postgres"),
            &format!("CREATE DATABASE {name} TEMPLATE {}", template.name),
        );
        Self { server: template.server, name }
    }

    /// Runs statements as the owner of everything.
    pub(crate) fn sql(&self, statements: &str) {
        execute(&self.server.owners(&self.name), statements);
    }

    /// Where the reader finds it, without the password.
    pub(crate) fn address(&self) -> String {
        self.address_of(READER)
    }

    /// Where somebody finds it; `who` is a name, or one with a password.
    pub(crate) fn address_of(&self, who: &str) -> String {
        format!("postgres://{who}@127.0.0.1:{}/{}", self.server.port, self.name)
    }

    /// Where the owner finds it, without a password.
    pub(crate) fn owners_address(&self) -> String {
        self.server.owners(&self.name)
    }

    /// Who has signed the server's certificate, which is for 127.0.0.1.
    pub(crate) fn authority(&self) -> &str {
        &self.server.authority
    }

    /// The server's port on loopback.
    pub(crate) fn port(&self) -> u16 {
        self.server.port
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Server {
    /// Starts one; `None` if it could not listen.
    fn start() -> Option<Self> {
        let certified = certified("127.0.0.1");
        let folder = tempfile::Builder::new().prefix("tidings-postgres").tempdir().unwrap().keep();
        std::fs::write(folder.join("certificate.pem"), certified.certificate_pem).unwrap();
        let key_file = folder.join("key.pem");
        std::fs::write(&key_file, certified.key_pem).unwrap();
        std::fs::set_permissions(&key_file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).args([&folder, &programs()]).arg(port.to_string());
        if is_root() {
            // PostgreSQL refuses to run as root; its package brings this user along.
            let owned = Command::new("chown").args(["-R", "postgres:postgres"]).arg(&folder).status();
            assert!(owned.unwrap().success());
            keeper.args(["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]);
        }
        keeper.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut keeper = keeper.spawn().unwrap();
        let mut lines = BufReader::new(keeper.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut said = Vec::new();
        let is_ready = lines.by_ref().any(|line| {
            said.push(line);
            said.last().is_some_and(|line| line.contains("ready to accept connections"))
        });
        if !is_ready {
            let _ = writeln!(std::io::stderr(), "{}", said.join("\n"));
            drop(keeper.stdin.take());
            keeper.wait().unwrap();
            return None;
        }
        // Nobody reads what it logs; a pipe that is full would stop it.
        thread::spawn(move || lines.for_each(drop));
        let server = Self { port, folder, authority: certified.authority_pem, _keeper: Mutex::new(keeper) };
        execute(&server.owners("postgres"), &format!("CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'"));
        Some(server)
    }

    fn owners(&self, database: &str) -> String {
        format!("postgres://{OWNER}@localhost:{}/{database}?host={}", self.port, self.folder.display())
    }
}

fn execute(address: &str, statements: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(address).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// The folder of `PostgreSQL`'s programs, the newest version's: Debian keeps them off the path.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let debian = versions.map(|entry| entry.unwrap().path().join("bin"));
    let mut found: Vec<PathBuf> = debian.chain([PathBuf::from("/usr/bin")]).collect();
    found.retain(|folder| folder.join("initdb").exists());
    found.sort();
    found.pop().expect("PostgreSQL is installed: start the tests with `tests/run`, which sees to it")
}

fn is_root() -> bool {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).unwrap();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}
