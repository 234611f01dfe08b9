//! The register of institutions: 保険医療機関届, as far as it is needed here.

use domain::fold;
use domain::identifier::MedicalInstitutionCode;
use domain::opening::{EmailAddress, Telephone};
use protocol::http::RegisteredInstitution;

use super::sql::{self, OptionalExtension, Params, Row, named_params};
use super::{Reader, StoreError, Writer};

/// An institution in the register, and the store's number of it.
#[derive(Debug, Clone)]
pub struct InstitutionRow {
    /// The store's number.
    pub number: i64,
    /// As it is registered.
    pub registered: RegisteredInstitution,
}

/// What is written into the register.
#[derive(Debug, Clone)]
pub struct Registration {
    /// 医療機関コード.
    pub medical_institution_code: MedicalInstitutionCode,
    /// 医療機関・薬局名.
    pub name: String,
    /// 電話番号.
    pub telephone: Telephone,
    /// メールアドレス.
    pub email: EmailAddress,
}

/// What a registration came to.
#[derive(Debug, Clone)]
pub enum Registered {
    /// A new one.
    Added(InstitutionRow),
    /// What was registered before is replaced.
    Changed {
        /// As it was.
        before: RegisteredInstitution,
        /// As it is.
        now: InstitutionRow,
    },
    /// It was so before.
    Unchanged(InstitutionRow),
}

const SELECT: &str =
    "SELECT i.id, i.medical_institution_code, i.name, i.telephone, i.email FROM institution i";

/// Those that are registered, or have somebody who works there: not the 実施機関 itself.
const LISTED: &str = "WHERE (i.telephone IS NOT NULL OR EXISTS
    (SELECT 1 FROM account a WHERE a.institution_id = i.id AND a.role <> 'operator'))
  AND (CAST(:text AS TEXT) IS NULL OR instr(i.name_key, :text) > 0
    OR instr(i.medical_institution_code, :text) > 0)";

impl Reader<'_> {
    /// The institution of a code.
    pub fn registered_institution(
        &self,
        code: &MedicalInstitutionCode,
    ) -> Result<Option<InstitutionRow>, StoreError> {
        self.one_institution("WHERE i.medical_institution_code = ?1", [code.as_str()])
    }

    /// The institution of a number.
    pub fn registered_institution_of(
        &self,
        number: i64,
    ) -> Result<Option<InstitutionRow>, StoreError> {
        self.one_institution("WHERE i.id = ?1", [number])
    }

    /// Institutions by code, after one, whose folded name or code holds a text; at most so
    /// many.
    pub fn institutions(
        &self,
        text: Option<&str>,
        after: Option<&MedicalInstitutionCode>,
        most: usize,
    ) -> Result<Vec<RegisteredInstitution>, StoreError> {
        let mut statement = self.sql().prepare_cached(&format!(
            "{SELECT} {LISTED} AND (CAST(:after AS TEXT) IS NULL OR i.medical_institution_code > :after)
             ORDER BY i.medical_institution_code LIMIT :most"
        ))?;
        let parameters = named_params! {
            ":text": text,
            ":after": after.map(MedicalInstitutionCode::as_str),
            ":most": most,
        };
        let rows = statement.query_map(parameters, Columns::read)?;
        rows.map(|row| Ok(InstitutionRow::try_from(row?)?.registered))
            .collect()
    }

    /// How many institutions there are whose folded name or code holds a text.
    pub fn count_institutions(&self, text: Option<&str>) -> Result<u32, StoreError> {
        let sql = format!("SELECT count(*) FROM institution i {LISTED}");
        let mut statement = self.sql().prepare_cached(&sql)?;
        let count = statement.query_row(named_params! { ":text": text }, |row| row.get(0));
        Ok(count?)
    }

    fn one_institution(
        &self,
        condition: &str,
        parameters: impl Params,
    ) -> Result<Option<InstitutionRow>, StoreError> {
        let mut statement = self
            .sql()
            .prepare_cached(&format!("{SELECT} {condition}"))?;
        let row = statement.query_row(parameters, Columns::read).optional()?;
        row.map(InstitutionRow::try_from).transpose()
    }
}

impl Writer<'_> {
    /// Writes an institution into the register.
    pub fn register_institution(&self, new: &Registration) -> Result<Registered, StoreError> {
        let code = &new.medical_institution_code;
        let before = self.registered_institution(code)?;
        let registered = RegisteredInstitution {
            medical_institution_code: code.clone(),
            has_valid_check_digit: code.has_valid_check_digit(),
            name: new.name.clone(),
            telephone: Some(new.telephone.clone()),
            email: Some(new.email.clone()),
        };
        let number = match &before {
            Some(row) if row.registered == registered => {
                return Ok(Registered::Unchanged(row.clone()));
            }
            Some(row) => row.number,
            None => self.add_institution(code)?,
        };
        self.sql()
            .prepare_cached(
                "UPDATE institution SET name = :name, name_key = :name_key,
                   telephone = :telephone, email = :email WHERE id = :id",
            )?
            .execute(named_params! {
                ":id": number,
                ":name": new.name,
                ":name_key": fold::name(&new.name),
                ":telephone": new.telephone.as_str(),
                ":email": new.email.as_str(),
            })?;
        let now = InstitutionRow { number, registered };
        Ok(match before {
            Some(row) => Registered::Changed {
                before: row.registered,
                now,
            },
            None => Registered::Added(now),
        })
    }

    fn add_institution(&self, code: &MedicalInstitutionCode) -> Result<i64, StoreError> {
        let sql =
            "INSERT INTO institution (medical_institution_code, name) VALUES (?1, '') RETURNING id";
        Ok(self
            .sql()
            .query_row(sql, [code.as_str()], |row| row.get(0))?)
    }
}

/// A row as the database has it.
struct Columns {
    id: i64,
    medical_institution_code: String,
    name: String,
    telephone: Option<String>,
    email: Option<String>,
}

impl Columns {
    fn read(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            medical_institution_code: row.get(1)?,
            name: row.get(2)?,
            telephone: row.get(3)?,
            email: row.get(4)?,
        })
    }
}

impl TryFrom<Columns> for InstitutionRow {
    type Error = StoreError;

    fn try_from(row: Columns) -> Result<Self, StoreError> {
        let inconsistent = |column| StoreError::Inconsistent {
            table: "institution",
            column,
            id: row.id,
        };
        let code = row.medical_institution_code.parse();
        let code: MedicalInstitutionCode =
            code.map_err(|_| inconsistent("medical_institution_code"))?;
        let telephone = row.telephone.map(|text| text.parse()).transpose();
        let email = row.email.map(|text| text.parse()).transpose();
        Ok(Self {
            number: row.id,
            registered: RegisteredInstitution {
                has_valid_check_digit: code.has_valid_check_digit(),
                medical_institution_code: code,
                name: row.name,
                telephone: telephone.map_err(|_| inconsistent("telephone"))?,
                email: email.map_err(|_| inconsistent("email"))?,
            },
        })
    }
}
