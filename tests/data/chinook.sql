-- Chinook with its own keys, types and NOT NULLs, from the Django fixture ${FIXTURE}:
-- one JSON array of {"model": "chinook.track", "pk": 1, "fields": {…}}.

CREATE TEMP TABLE fixture AS
SELECT replace(model, 'chinook.', '') AS model, pk AS id, fields AS f
FROM read_json('${FIXTURE}', format = 'array',
    columns = {model: 'VARCHAR', pk: 'INTEGER', fields: 'JSON'});

CREATE TABLE artist (
    artist_id INTEGER PRIMARY KEY,
    name VARCHAR
);
CREATE TABLE album (
    album_id INTEGER PRIMARY KEY,
    title VARCHAR NOT NULL,
    artist_id INTEGER NOT NULL REFERENCES artist (artist_id)
);
CREATE TABLE employee (
    employee_id INTEGER PRIMARY KEY,
    last_name VARCHAR NOT NULL,
    first_name VARCHAR NOT NULL,
    title VARCHAR,
    reports_to INTEGER REFERENCES employee (employee_id),
    birth_date TIMESTAMP,
    hire_date TIMESTAMP,
    address VARCHAR,
    city VARCHAR,
    state VARCHAR,
    country VARCHAR,
    postal_code VARCHAR,
    phone VARCHAR,
    fax VARCHAR,
    email VARCHAR
);
CREATE TABLE customer (
    customer_id INTEGER PRIMARY KEY,
    first_name VARCHAR NOT NULL,
    last_name VARCHAR NOT NULL,
    company VARCHAR,
    address VARCHAR,
    city VARCHAR,
    state VARCHAR,
    country VARCHAR,
    postal_code VARCHAR,
    phone VARCHAR,
    fax VARCHAR,
    email VARCHAR NOT NULL,
    support_rep_id INTEGER REFERENCES employee (employee_id)
);
CREATE TABLE genre (
    genre_id INTEGER PRIMARY KEY,
    name VARCHAR
);
CREATE TABLE invoice (
    invoice_id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (customer_id),
    invoice_date TIMESTAMP NOT NULL,
    billing_address VARCHAR,
    billing_city VARCHAR,
    billing_state VARCHAR,
    billing_country VARCHAR,
    billing_postal_code VARCHAR,
    total DECIMAL(10, 2) NOT NULL
);
CREATE TABLE media_type (
    media_type_id INTEGER PRIMARY KEY,
    name VARCHAR
);
CREATE TABLE track (
    track_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    album_id INTEGER REFERENCES album (album_id),
    media_type_id INTEGER NOT NULL REFERENCES media_type (media_type_id),
    genre_id INTEGER REFERENCES genre (genre_id),
    composer VARCHAR,
    milliseconds INTEGER NOT NULL,
    bytes INTEGER,
    unit_price DECIMAL(10, 2) NOT NULL
);
CREATE TABLE invoice_line (
    invoice_line_id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (invoice_id),
    track_id INTEGER NOT NULL REFERENCES track (track_id),
    unit_price DECIMAL(10, 2) NOT NULL,
    quantity INTEGER NOT NULL
);
CREATE TABLE playlist (
    playlist_id INTEGER PRIMARY KEY,
    name VARCHAR
);
CREATE TABLE playlist_track (
    playlist_id INTEGER NOT NULL REFERENCES playlist (playlist_id),
    track_id INTEGER NOT NULL REFERENCES track (track_id),
    PRIMARY KEY (playlist_id, track_id)
);

INSERT INTO artist
SELECT id, f->>'name' FROM fixture WHERE model = 'artist' ORDER BY id;

INSERT INTO album
SELECT id, f->>'title', (f->>'artist')::INTEGER
FROM fixture WHERE model = 'album' ORDER BY id;

-- DuckDB checks a self reference against the rows that were there before the
-- statement, so the tree is inserted level by level; three levels is all it has.
CREATE TEMP TABLE staff AS
SELECT
    id, f->>'lastname', f->>'firstname', f->>'title', (f->>'reports_to')::INTEGER AS reports_to,
    (f->>'birthdate')::TIMESTAMP, (f->>'hiredate')::TIMESTAMP, f->>'address', f->>'city',
    f->>'state', f->>'country', f->>'postalcode', f->>'phone', f->>'fax', f->>'email'
FROM fixture WHERE model = 'employee' ORDER BY id;

INSERT INTO employee
SELECT * FROM staff WHERE reports_to IS NULL;

INSERT INTO employee
SELECT * FROM staff
WHERE reports_to IN (SELECT employee_id FROM employee)
    AND id NOT IN (SELECT employee_id FROM employee);

INSERT INTO employee
SELECT * FROM staff
WHERE reports_to IN (SELECT employee_id FROM employee)
    AND id NOT IN (SELECT employee_id FROM employee);

INSERT INTO customer
SELECT
    id, f->>'firstname', f->>'lastname', f->>'company', f->>'address', f->>'city', f->>'state',
    f->>'country', f->>'postalcode', f->>'phone', f->>'fax', f->>'email',
    (f->>'support_rep')::INTEGER
FROM fixture WHERE model = 'customer' ORDER BY id;

INSERT INTO genre
SELECT id, f->>'name' FROM fixture WHERE model = 'genre' ORDER BY id;

INSERT INTO invoice
SELECT
    id, (f->>'customer')::INTEGER, (f->>'invoicedate')::TIMESTAMP, f->>'billingaddress',
    f->>'billingcity', f->>'billingstate', f->>'billingcountry', f->>'billingpostalcode',
    (f->>'total')::DECIMAL(10, 2)
FROM fixture WHERE model = 'invoice' ORDER BY id;

INSERT INTO media_type
SELECT id, f->>'name' FROM fixture WHERE model = 'mediatype' ORDER BY id;

INSERT INTO track
SELECT
    id, f->>'name', (f->>'album')::INTEGER, (f->>'mediatype')::INTEGER, (f->>'genre')::INTEGER,
    f->>'composer', (f->>'milliseconds')::INTEGER, (f->>'bytes')::INTEGER,
    (f->>'unit_price')::DECIMAL(10, 2)
FROM fixture WHERE model = 'track' ORDER BY id;

INSERT INTO invoice_line
SELECT
    id, (f->>'invoice')::INTEGER, (f->>'track')::INTEGER, (f->>'unit_price')::DECIMAL(10, 2),
    (f->>'quantity')::INTEGER
FROM fixture WHERE model = 'invoiceline' ORDER BY id;

INSERT INTO playlist
SELECT id, f->>'name' FROM fixture WHERE model = 'playlist' ORDER BY id;

INSERT INTO playlist_track
SELECT (f->>'playlist')::INTEGER, (f->>'track')::INTEGER
FROM fixture WHERE model = 'playlisttrack' ORDER BY ALL;

-- Every row of the fixture must have arrived.
SELECT CASE WHEN loaded <> expected
    THEN error('loaded ' || loaded || ' of ' || expected || ' rows of Chinook') END
FROM (SELECT
    (SELECT count(*) FROM artist) + (SELECT count(*) FROM album)
    + (SELECT count(*) FROM employee) + (SELECT count(*) FROM customer)
    + (SELECT count(*) FROM genre) + (SELECT count(*) FROM invoice)
    + (SELECT count(*) FROM media_type) + (SELECT count(*) FROM track)
    + (SELECT count(*) FROM invoice_line) + (SELECT count(*) FROM playlist)
    + (SELECT count(*) FROM playlist_track) AS loaded,
    (SELECT count(*) FROM fixture) AS expected);

DROP TABLE staff;
DROP TABLE fixture;
CHECKPOINT;
